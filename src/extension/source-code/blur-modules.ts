import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { moduleText, placeModules, placeRecovery, type ImportingSource, type ModuleFile } from '../../code/blur-modules/modules';
import type { Placement, PlacementFiles } from '../../code/blur-modules/placement';
import type { FixableSource } from './file-source';
import { ModuleFiles } from './module-files';
import { exists } from '../platform/exists';
import { displayPath } from '../platform/display-path';
import type { Log } from '../platform/log';

/** A module of ours in the user's workspace. */
export interface BlurModule extends ModuleFile {
  readonly uri: vscode.Uri;
}

export type PlacedModule = Placement & { readonly module: BlurModule | null };

/** Searching a large workspace takes a while, and the lightbulb asks at every move of the cursor. */
const searchKeptMs = 10_000;

/** Our BlurPool modules in the user's workspace: where they are, where they go, and how they get there. */
export class BlurModules implements vscode.Disposable {
  private readonly searches = new Map<string, { readonly since: number; readonly paths: Promise<readonly string[]> }>();
  private readonly files: ModuleFiles;

  constructor(
    private readonly extensionUri: vscode.Uri,
    log: Log,
  ) {
    this.files = new ModuleFiles((error) => {
      log.error('A BlurPool module could not follow the undo of its fix.', error);
    });
  }

  /** Places every module that a document of this language may need, by the name of its template. */
  async place(source: FixableSource): Promise<Readonly<Record<string, PlacedModule>>> {
    const home = homeOf(source);
    const placed = await placeModules(importing(source, home), this.filesFor(home));
    return Object.fromEntries(
      Object.entries(placed).map(([name, { module, ...rest }]) => [name, { ...rest, module: inHome(module, home) }]),
    );
  }

  /** The recovery script for a document's framework, beside the BlurPool module that its fixes import; null where it has none. */
  async placeRecovery(source: FixableSource): Promise<BlurModule | null> {
    const home = homeOf(source);
    return inHome(await placeRecovery(importing(source, home), this.filesFor(home)), home);
  }

  /**
   * Writes a module where there is none yet; it goes again when the fix that imports it is undone. Never overwrites.
   *
   * @param importers documents that import it by now @returns whether it was written @throws ModelError where it cannot be
   */
  async create(module: BlurModule, importers: readonly vscode.Uri[]): Promise<boolean> {
    if (await exists(module.uri)) {
      this.files.addImporters(module.uri, importers);
      return false;
    }
    this.searches.clear();
    return this.files.write(module.uri, await this.contents(module), importers);
  }

  dispose(): void {
    this.files.dispose();
  }

  /** Lets an edit create the module; false where there is nothing to create. */
  async addTo(edit: vscode.WorkspaceEdit, module: BlurModule | null): Promise<boolean> {
    if (module === null || (await exists(module.uri))) return false;
    this.searches.clear();
    const label = t`Create ${displayPath(module.uri)}`;
    const options = { contents: await this.contents(module), overwrite: false, ignoreIfExists: true };
    edit.createFile(module.uri, options, { needsConfirmation: false, label });
    return true;
  }

  private filesFor(home: vscode.Uri | undefined): PlacementFiles {
    return new WorkspaceFiles(home, (name) => this.find(home, name));
  }

  private find(home: vscode.Uri | undefined, name: string): Promise<readonly string[]> {
    const folder = home === undefined ? undefined : vscode.workspace.getWorkspaceFolder(home);
    if (folder === undefined) return Promise.resolve([]);
    const pattern = `**/${name}`;
    const key = `${folder.uri.toString()} ${pattern}`;
    const known = this.searches.get(key);
    if (known !== undefined && Date.now() - known.since < searchKeptMs) return known.paths;
    const paths = Promise.resolve(vscode.workspace.findFiles(new vscode.RelativePattern(folder, pattern), '**/node_modules/**', 50));
    const search = { since: Date.now(), paths: paths.then((uris) => uris.map(({ path }) => path)) };
    this.searches.set(key, search);
    return search.paths;
  }

  /** The module's text for this project. */
  private async contents(module: BlurModule): Promise<Uint8Array> {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extensionUri, 'dist', 'templates', module.template));
    return new TextEncoder().encode(moduleText(module, new TextDecoder().decode(bytes)));
  }
}

/** A place whose scheme and authority the paths of a source belong to; none without a folder. */
function homeOf({ file }: FixableSource): vscode.Uri | undefined {
  return file.scheme === 'untitled' ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(file, '..');
}

function importing(source: FixableSource, home: vscode.Uri | undefined): ImportingSource {
  const { file, language } = source;
  return {
    file: file.path,
    folder: home?.path ?? null,
    hasFile: file.scheme !== 'untitled' && !source.isNotebook,
    language,
    isTypeScript: source.documents()[0]?.languageId.startsWith('typescript') ?? /\.[cm]?tsx?$/.test(file.path),
    text: source.text(),
  };
}

function inHome(module: ModuleFile | null, home: vscode.Uri | undefined): BlurModule | null {
  return module === null || home === undefined ? null : { ...module, uri: home.with({ path: module.path }) };
}

/** The user's files through the editor, which also reaches remote and virtual workspaces; every folder is listed once. */
class WorkspaceFiles implements PlacementFiles {
  private readonly listings = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(
    private readonly home: vscode.Uri | undefined,
    readonly find: (name: string) => Promise<readonly string[]>,
  ) {}

  namesIn(folder: string): Promise<ReadonlySet<string>> {
    const known = this.listings.get(folder) ?? this.list(folder);
    this.listings.set(folder, known);
    return known;
  }

  async firstLine(path: string): Promise<string> {
    if (this.home === undefined) return '';
    try {
      const bytes = await vscode.workspace.fs.readFile(this.home.with({ path }));
      return new TextDecoder().decode(bytes.subarray(0, 200)).split('\n', 1)[0] ?? '';
    } catch (error) {
      if (error instanceof vscode.FileSystemError) return '';
      throw error;
    }
  }

  private async list(folder: string): Promise<ReadonlySet<string>> {
    if (this.home === undefined) return new Set();
    try {
      return new Set((await vscode.workspace.fs.readDirectory(this.home.with({ path: folder }))).map(([name]) => name));
    } catch (error) {
      if (error instanceof vscode.FileSystemError) return new Set();
      throw error;
    }
  }
}
