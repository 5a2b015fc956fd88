import { t } from '@vscode/l10n';
import type { CallKind, CallProgress, CallRequest, CallResult } from '../protocol/calls';
import { EngineError } from '../protocol/engine-error';
import { cancelledByUser } from './call-errors';
import { EngineProcess, type CallFollower } from './engine-process';

/** Where the engine process comes from. */
export interface EngineClientOptions {
  /** A bundled entry of `process`: `main.ts` runs models, `reader.ts` only reads them. */
  readonly modulePath: string;
  /** More variables for the process, asked for each time one is started. */
  readonly environment?: () => Readonly<Record<string, string>>;
  /** Upper bound for the heap of JavaScript in the process; its runtime's own where absent. */
  readonly heapMegabytes?: number;
}

/**
 * Runs models in a child process, started by the first call and again after it has ended, so that a crash, a hang or lack of memory
 * ends one measurement and never the host.
 */
export class EngineClient {
  private process: EngineProcess | undefined;

  constructor(private readonly options: EngineClientOptions) {}

  /** Answers what the map says of the call; calls are served one after another. @throws EngineError */
  async call<Kind extends CallKind>(
    kind: Kind,
    request: CallRequest<NoInfer<Kind>>,
    follower: CallFollower<CallProgress<NoInfer<Kind>>> = {},
  ): Promise<CallResult<Kind>> {
    if (follower.signal?.aborted === true) throw cancelledByUser();
    return this.runningProcess().call(kind, request, follower);
  }

  /** Lets the process close a model that it keeps open; nothing is started for it. @param path what messages call the model */
  letGo(path: string): void {
    if (this.processId === undefined) return;
    // A process that ends has let go of everything.
    this.call('let-go', { path }).catch(() => undefined);
  }

  /** Ends the process; calls under way are rejected. A later call starts a new one. */
  dispose(): void {
    this.end(t('Shiftlint is closing.'));
  }

  /** Lets the next call start a new process, in which changed surroundings count; calls under way are rejected. */
  restart(): void {
    this.end(t('the backend has changed. Measure again.'));
  }

  /** Process id of the running engine, for diagnosis; undefined where none runs. */
  get processId(): number | undefined {
    return this.process?.running === true ? this.process.id : undefined;
  }

  private runningProcess(): EngineProcess {
    const { modulePath, environment, heapMegabytes } = this.options;
    if (this.process?.running !== true) this.process = new EngineProcess({ modulePath, environment: environment?.() ?? {}, heapMegabytes });
    return this.process;
  }

  /** @param why the end of a sentence */
  private end(why: string): void {
    this.process?.end(new EngineError('cancelled', t`The measurement was cancelled because ${why}`));
    this.process = undefined;
  }
}
