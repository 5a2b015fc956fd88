import * as vscode from 'vscode';
import type { EngineClient } from '../engine/host/client';
import { nativeCandidatesVariable, type NativeCandidate } from '../engine/protocol/native-candidates';
import { registerGuarded } from './platform/guarded-command';
import { npmInstall } from './platform/npm-install';
import { settingsSection } from './settings/settings';
import { showError, showInformation } from './platform/notices';
import type { Log } from './platform/log';

/** The version that the WASM backend has too, so that both give the same numbers. */
const nativeVersion = '4.22.0';
const pathSetting = 'tfjsNodePath';

/** Where tfjs-node may be found, since the extension is too small to carry it, and the command that installs it. */
export class NativeBackend {
  private readonly folder: vscode.Uri;

  constructor(
    storage: vscode.Uri,
    private readonly log: Log,
  ) {
    this.folder = vscode.Uri.joinPath(storage, 'tfjs-node');
  }

  /** Variables for the engine process. */
  environment(): Readonly<Record<string, string>> {
    return { [nativeCandidatesVariable]: JSON.stringify(this.candidates()) };
  }

  /** The command, and a new engine process once another backend may be found. */
  register(engine: EngineClient): vscode.Disposable {
    return vscode.Disposable.from(
      registerGuarded('installNativeBackend', this.log, () => this.install(engine)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        engine.restart();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${settingsSection}.${pathSetting}`)) engine.restart();
      }),
    );
  }

  /** A workspace's packages run only where the user trusts it. */
  private candidates(): readonly NativeCandidate[] {
    const chosen = vscode.workspace.getConfiguration(settingsSection).get<string>(pathSetting, '').trim();
    const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
    return [
      ...(chosen === '' ? [] : [{ folder: chosen, place: `the setting "${settingsSection}.${pathSetting}"` }]),
      ...folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => ({ folder: uri.fsPath, place: 'the workspace' })),
      { folder: this.folder.fsPath, place: "Shiftlint's own installation" },
    ];
  }

  private async install(engine: EngineClient): Promise<void> {
    const outcome = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Installing the native TensorFlow backend', cancellable: true },
      (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => {
          abort.abort();
        });
        return npmInstall({
          package: `@tensorflow/tfjs-node@${nativeVersion}`,
          folder: this.folder.fsPath,
          signal: abort.signal,
          onOutput: (text) => {
            this.log.info(text.trimEnd());
            progress.report({ message: text.trim().split('\n').at(-1) ?? '' });
          },
        });
      },
    );
    if (outcome.ok) {
      engine.restart();
      void showInformation('The native TensorFlow backend is installed; the next measurement uses it.');
      return;
    }
    if (outcome.cancelled) return;
    const show = 'Show Output';
    const message = `The native TensorFlow backend could not be installed: ${outcome.reason}. Measuring goes on with the WASM backend.`;
    if ((await showError(message, show)) === show) this.log.show();
  }
}
