import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EngineClient } from '../engine/host/client';
import { deviceNamed, settingsEnvironment, threadsNamed } from '../engine/protocol/engine-settings';
import { placesVariable, type PackagePlace } from '../engine/protocol/package-places';
import { registerGuarded } from './platform/guarded-command';
import { npmInstall } from './platform/npm-install';
import { settingsSection } from './settings/settings';
import { showError, showInStatusBar } from './platform/notices';
import type { Log } from './platform/log';

/** The version of TensorFlow.js that the extension carries, so that all backends give the same numbers. */
const tensorflowVersion = '4.22.0';
const deviceSetting = 'device';
const threadsSetting = 'threads';

/** A backend of TensorFlow.js that the extension is too small to carry, and the command that installs it. */
interface InstallableBackend {
  readonly kind: keyof typeof placesVariable;
  readonly command: string;
  /** With their exact versions. */
  readonly packages: readonly string[];
  /** Of the extension's storage. */
  readonly folder: string;
  /** Where else it may lie. */
  readonly pathSetting: string;
  /** What is said while it is installed, once it is, and where it could not be. */
  readonly installing: string;
  readonly installed: string;
  readonly failed: (reason: string) => string;
}

const backends: readonly InstallableBackend[] = [
  {
    kind: 'native',
    command: 'installNativeBackend',
    packages: [`@tensorflow/tfjs-node@${tensorflowVersion}`],
    folder: 'tfjs-node',
    pathSetting: 'tfjsNodePath',
    installing: t`Installing the native TensorFlow backend`,
    installed: t`The native TensorFlow backend is installed; the next measurement uses it.`,
    failed: (reason) => t`The native TensorFlow backend could not be installed: ${reason}. Measuring goes on with the WASM backend.`,
  },
  {
    kind: 'gpu',
    command: 'installGpuBackend',
    packages: [`@tensorflow/tfjs-backend-webgpu@${tensorflowVersion}`, 'webgpu@0.6.2'],
    folder: 'tfjs-webgpu',
    pathSetting: 'tfjsWebgpuPath',
    installing: t`Installing the GPU backend of TensorFlow.js`,
    installed: t`The GPU backend of TensorFlow.js is installed; the next measurement uses it.`,
    failed: (reason) => t`The GPU backend of TensorFlow.js could not be installed: ${reason}. Measuring goes on on the processor.`,
  },
];

/** How the engine process is started: the device it runs models on, where it finds backends, and the commands that install these. */
export class EngineBackends {
  constructor(
    private readonly storage: vscode.Uri,
    private readonly log: Log,
  ) {}

  /** Variables for the engine process. */
  environment(): Readonly<Record<string, string>> {
    const device = deviceNamed(configuration().get<unknown>(deviceSetting)) ?? 'auto';
    const threads = threadsNamed(String(configuration().get<unknown>(threadsSetting)));
    const places = backends.map((backend) => [placesVariable[backend.kind], JSON.stringify(this.places(backend))] as const);
    return { ...settingsEnvironment({ device, ...(threads !== undefined && { threads }) }), ...Object.fromEntries(places) };
  }

  /** The commands, and a new engine process once another backend or device counts. */
  register(engine: EngineClient): vscode.Disposable {
    const settings = [deviceSetting, threadsSetting, ...backends.map(({ pathSetting }) => pathSetting)].map(
      (name) => `${settingsSection}.${name}`,
    );
    return vscode.Disposable.from(
      ...backends.map((backend) => registerGuarded(backend.command, this.log, () => this.install(backend, engine))),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        engine.restart();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settings.some((name) => event.affectsConfiguration(name))) engine.restart();
      }),
    );
  }

  /** A workspace's packages run only where the user trusts it. */
  private places({ pathSetting, folder }: InstallableBackend): readonly PackagePlace[] {
    const chosen = configuration().get<string>(pathSetting, '').trim();
    const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
    return [
      ...(chosen === '' ? [] : [{ folder: chosen, place: t`the setting "${`${settingsSection}.${pathSetting}`}"` }]),
      ...folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => ({ folder: uri.fsPath, place: t`the workspace` })),
      { folder: vscode.Uri.joinPath(this.storage, folder).fsPath, place: t`Shiftlint's own installation` },
    ];
  }

  private async install({ packages, folder, installing, installed, failed }: InstallableBackend, engine: EngineClient): Promise<void> {
    const outcome = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: installing, cancellable: true },
      (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => {
          abort.abort();
        });
        return npmInstall({
          packages,
          folder: vscode.Uri.joinPath(this.storage, folder).fsPath,
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
      showInStatusBar(installed);
      return;
    }
    if (outcome.cancelled) return;
    const show = t`Show Output`;
    if ((await showError(failed(outcome.reason), show)) === show) this.log.show();
  }
}

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(settingsSection);
}
