import * as vscode from 'vscode';
import { templatesOf } from '../../code/frameworks/registry';
import type { BlurTemplate } from '../../code/frameworks/table';
import { recoverableFramework, usesRequire } from '../../code/imports';
import type { CodeSource } from './source';
import { moduleStyle, placeBeside, placeModule, type ImportingDocument, type Placement, type PlacementFiles } from './module-placement';
import { exists } from '../platform/exists';
import { displayPath } from '../platform/display-path';

/** A module of ours in the user's workspace: one that a fix imports, or a recovery script. */
export interface BlurModule {
  readonly uri: vscode.Uri;
  readonly exists: boolean;
  /** File of the template. */
  readonly template: string;
  /** Package that the template imports, and the one that the module is to import in its place; null where they are the same. */
  readonly package: { readonly inTemplate: string; readonly inModule: string } | null;
}

export type PlacedModule = Placement & { readonly module: BlurModule | null };

/** Searching a large workspace takes a while, and the lightbulb asks at every move of the cursor. */
const searchKeptMs = 10_000;

/** Our BlurPool modules in the user's workspace: where they are, where they go, and how they get there. */
export class BlurModules {
  private readonly searches = new Map<string, { readonly since: number; readonly paths: Promise<readonly string[]> }>();

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** Places every module that a document of this language may need, by the name of its template. */
  async place(source: CodeSource): Promise<Readonly<Record<string, PlacedModule>>> {
    // A model description imports nothing.
    if (source.language === 'yaml') return {};
    const { home, document } = importing(source);
    const files = new WorkspaceFiles(home, (name) => this.find(home, name));
    const entries = templatesOf(source.language === 'python' ? 'python' : 'javascript').map(async (template) => {
      const placement = await placeModule(template.module, document, files);
      return [template.module, { ...placement, module: moduleOf(placement, template, document, home, source) }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** The recovery script for a document's framework, beside the BlurPool module that its fixes import; null where it has none. */
  async placeRecovery(source: CodeSource): Promise<BlurModule | null> {
    const framework = source.language === 'python' ? recoverableFramework(source.text()) : undefined;
    if (framework?.recovery === undefined) return null;
    const { home, document } = importing(source);
    const files = new WorkspaceFiles(home, (name) => this.find(home, name));
    const placements = await Promise.all(framework.templates.map(({ module }) => placeModule(module, document, files)));
    // A framework with several modules has the one that a fix has put there.
    const placement = placements.find((placed) => placed.ok && placed.exists) ?? placements[0];
    if (placement?.ok !== true || home === undefined) {
      throw new Error('The recovery script needs a folder to lie in: save this document first.');
    }
    const { path, exists } = await placeBeside(placement.path, framework.recovery, files);
    return { uri: home.with({ path }), exists, template: `${framework.recovery}.py`, package: null };
  }

  /** Writes a module where there is none yet. Never overwrites. @throws Error where the file cannot be created. */
  async create(module: BlurModule): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    if ((await this.addTo(edit, module)) && !(await vscode.workspace.applyEdit(edit))) {
      throw new Error(
        `${displayPath(module.uri)} could not be created: check that its folder can be written to, or undo the fix that imports it.`,
      );
    }
  }

  /** Lets an edit create the module; false where there is nothing to create. */
  async addTo(edit: vscode.WorkspaceEdit, module: BlurModule | null): Promise<boolean> {
    if (module === null || (await exists(module.uri))) return false;
    this.searches.clear();
    edit.createFile(module.uri, { contents: await this.contents(module), overwrite: false, ignoreIfExists: true });
    return true;
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
  private async contents({ template, package: packages }: BlurModule): Promise<Uint8Array> {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.extensionUri, 'dist', 'templates', template));
    if (packages === null) return bytes;
    const quoted = (["'", '"'] as const).map((quote) => [quote + packages.inTemplate + quote, quote + packages.inModule + quote] as const);
    const text = quoted.reduce((written, [from, to]) => written.replaceAll(from, to), new TextDecoder().decode(bytes));
    return new TextEncoder().encode(text);
  }
}

/** The document as the placement sees it, and a place whose scheme and authority its paths belong to; none without a folder. */
function importing(source: CodeSource): { readonly home: vscode.Uri | undefined; readonly document: ImportingDocument } {
  const { file } = source;
  const isUntitled = file.scheme === 'untitled';
  const home = isUntitled ? vscode.workspace.workspaceFolders?.[0]?.uri : vscode.Uri.joinPath(file, '..');
  const text = source.text();
  const isTypeScript = source.documents()[0]?.languageId.startsWith('typescript') === true;
  const style =
    source.language === 'python'
      ? ({ extension: '.py', specifierEnding: '' } as const)
      : moduleStyle(file.path, isTypeScript, text, usesRequire(text));
  return { home, document: { folder: home?.path ?? null, hasFile: !isUntitled && !source.isNotebook, ...style } };
}

function moduleOf(
  placement: Placement,
  template: BlurTemplate,
  { extension }: ImportingDocument,
  home: vscode.Uri | undefined,
  source: CodeSource,
): BlurModule | null {
  if (!placement.ok || home === undefined) return null;
  const packages = template.package && { inTemplate: template.package.inTemplate, inModule: template.package.in(source.text()) };
  return {
    uri: home.with({ path: placement.path }),
    exists: placement.exists,
    template: `${template.module}${templateEndings[extension]}`,
    package: packages ?? null,
  };
}

/** Template of a module by the ending of its file. */
const templateEndings = { '.py': '.py', '.ts': '.ts', '.mts': '.ts', '.js': '.js', '.mjs': '.js', '.cjs': '.cjs' } as const;

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
