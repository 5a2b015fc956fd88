import * as vscode from 'vscode';
import { Debouncer } from '../platform/debounce';
import { mayBeFolder } from '../platform/may-be-folder';
import { isExcluded } from '../settings/exclusion';
import { isJsonFile, modelsBesideWeights } from './json-beside-weights';
import type { ModelStore, RefreshReason } from './store';
import { settingsFor, settingsSection } from '../settings/settings';
import type { Log } from '../platform/log';

/**
 * Files whose name makes them worth a look; what they hold decides. Any JSON document that is opened is looked at too, and so is any JSON
 * file that weights lie beside.
 */
const candidates = '**/{*.onnx,*.onnx[._]*,*.pb,*.model,*model*.json}';
const weightFiles = '**/*.{bin,data}';
const jsonWeights = '**/*.bin';
/** Workspaces with more of them hold other data. */
const mostWeights = 5000;
const typingPauseMs = 400;
const diskPauseMs = 150;

/** Finds model files and keeps the store up to date as files, documents and settings change. */
export class ModelDiscovery implements vscode.Disposable {
  private readonly typing = new Debouncer(typingPauseMs);
  private readonly disk = new Debouncer(diskPauseMs);
  private readonly disposables: { dispose(): unknown }[] = [this.typing, this.disk];

  constructor(
    private readonly store: ModelStore,
    private readonly log: Log,
  ) {
    this.watchFiles();
    this.watchDocuments();
    this.disposables.push(
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.scan()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settingsSection) || change.affectsConfiguration('files.exclude')) void this.scan('asked');
      }),
    );
  }

  /** Looks at every candidate of the workspace and every open JSON document, and drops what is gone or excluded. */
  async scan(reason?: RefreshReason): Promise<void> {
    const found = new Map<string, vscode.Uri>();
    try {
      for (const uri of await this.find()) found.set(uri.toString(), uri);
    } catch (error) {
      this.log.error('The workspace could not be searched for models; those that are opened are still judged.', error);
    }
    for (const document of vscode.workspace.textDocuments) {
      if (isJson(document) && !isExcluded(document.uri)) found.set(document.uri.toString(), document.uri);
    }
    for (const { uri } of this.store.all()) {
      if (!found.has(uri.toString()) && !isInModelEditor(uri)) this.store.forget(uri);
    }
    this.log.debug(`Looking at ${found.size} files.`);
    for (const uri of found.values()) await this.store.refresh(uri, reason);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async find(): Promise<readonly vscode.Uri[]> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const perFolder = folders.map(async (folder) => {
      const { exclude } = settingsFor(folder.uri);
      const skipped = exclude.length === 0 ? undefined : new vscode.RelativePattern(folder, `{${exclude.join(',')}}`);
      const search = (pattern: string, most?: number): Thenable<readonly vscode.Uri[]> =>
        vscode.workspace.findFiles(new vscode.RelativePattern(folder, pattern), skipped, most);
      const [named, weights] = await Promise.all([search(candidates), search(jsonWeights, mostWeights)]);
      return [...named, ...(await besideWeights(weights))];
    });
    return (await Promise.all(perFolder)).flat().filter((uri) => !isExcluded(uri));
  }

  private watchFiles(): void {
    const models = vscode.workspace.createFileSystemWatcher(candidates);
    const weights = vscode.workspace.createFileSystemWatcher(weightFiles);
    const json = vscode.workspace.createFileSystemWatcher('**/*.json');
    const rescan = (): void => {
      this.disk.schedule('scan', () => void this.scan());
    };
    const relint = (uri: vscode.Uri): void => {
      if (this.store.get(uri) === undefined) rescan();
      else this.disk.schedule(uri.toString(), () => void this.store.refresh(uri));
    };
    // A folder that is moved or deleted as a whole may be reported alone, without the files in it.
    const folders = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
    const lookInside = (uri: vscode.Uri): void => {
      if (mayBeFolder(uri)) rescan();
    };
    const lookBeside = (uri: vscode.Uri): void => {
      if (isExcluded(uri)) return;
      if (this.store.get(uri) === undefined) this.lookBesideWeights(vscode.Uri.joinPath(uri, '..'));
      else relint(uri);
    };
    this.disposables.push(models, weights, json, folders, models.onDidCreate(relint), models.onDidChange(relint));
    this.disposables.push(json.onDidCreate(lookBeside), json.onDidChange(lookBeside), weights.onDidCreate(lookBeside));
    for (const { onDidDelete } of [models, json])
      this.disposables.push(
        onDidDelete((uri) => {
          this.store.forget(uri);
        }),
      );
    this.disposables.push(folders.onDidCreate(lookInside), folders.onDidDelete(lookInside));
    for (const event of [weights.onDidCreate, weights.onDidChange, weights.onDidDelete]) {
      this.disposables.push(
        event((uri) => {
          this.relintFolder(uri);
        }),
      );
    }
  }

  /** A weight file that came or went decides whether the models beside it can be read. */
  private relintFolder(weightFile: vscode.Uri): void {
    for (const { uri } of this.store.all()) {
      const folder = vscode.Uri.joinPath(uri, '..').path;
      if (!weightFile.path.startsWith(`${folder}/`)) continue;
      this.disk.schedule(uri.toString(), () => void this.store.refresh(uri, 'weights-changed'));
    }
  }

  /** A folder in which weights or a JSON file came may hold models of any name. */
  private lookBesideWeights(folder: vscode.Uri): void {
    const look = async (): Promise<void> => {
      for (const uri of await modelsBesideWeights(folder)) if (!isExcluded(uri)) await this.store.refresh(uri);
    };
    this.disk.schedule(`${folder.toString()}/*.json`, () => {
      look().catch((error: unknown) => {
        this.log.error('A folder with weights could not be searched for models.', error);
      });
    });
  }

  private watchDocuments(): void {
    const look = (document: vscode.TextDocument): void => {
      if (isJson(document) && !isExcluded(document.uri)) void this.store.refresh(document.uri);
    };
    this.disposables.push(
      vscode.workspace.onDidOpenTextDocument(look),
      vscode.workspace.onDidSaveTextDocument(look),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (isJson(document))
          this.typing.schedule(document.uri.toString(), () => {
            look(document);
          });
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.store.get(document.uri) !== undefined) void this.store.refresh(document.uri);
      }),
    );
  }
}

function isJson(document: vscode.TextDocument): boolean {
  return ['file', 'untitled', 'vscode-vfs'].includes(document.uri.scheme) && ['json', 'jsonc'].includes(document.languageId);
}

async function besideWeights(weights: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const folders = new Map(weights.map((uri) => vscode.Uri.joinPath(uri, '..')).map((folder) => [folder.toString(), folder]));
  return (await Promise.all(Array.from(folders.values(), modelsBesideWeights))).flat();
}

/** A JSON file in one is a text document, too, and judged as such. */
function isInModelEditor(uri: vscode.Uri): boolean {
  if (isJsonFile(uri)) return false;
  const key = uri.toString();
  return vscode.window.tabGroups.all.some((group) =>
    group.tabs.some(({ input }) => input instanceof vscode.TabInputCustom && input.uri.toString() === key),
  );
}
