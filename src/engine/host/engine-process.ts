import { fork, type ChildProcess } from 'node:child_process';
import { t } from '@vscode/l10n';
import type { CallKind, CallProgress, CallRequest, CallResult } from '../protocol/calls';
import { EngineError } from '../protocol/engine-error';
import { hostVariable } from '../protocol/host-variable';
import type { CallAnswer, CallMessage, FromProcess, ToProcess } from '../protocol/messages';
import { ArrivingParts, isPartAhead } from '../protocol/sent-ahead';
import { deliver } from './deliver';
import { cancelledByUser, didNotReact, exitError, misunderstood, runHung, silent, unreachable } from './call-errors';
import { RunTimers } from './run-timers';

/** How a caller follows and ends a call. */
export interface CallFollower<Progress> {
  /** Hears how the call goes on, in order, until it ends or is cancelled. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborting rejects at once with code `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** A process that tells nothing of the call for so long is taken to hang and is ended. */
  readonly silenceMs?: number | undefined;
}

/** How a process is started. */
export interface ProcessOptions {
  readonly modulePath: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Upper bound for the heap of JavaScript; its runtime's own where absent. */
  readonly heapMegabytes?: number | undefined;
}

/** Who hears of a call: how it goes on, and its end. */
interface PendingCall {
  readonly onProgress: (progress: CallProgress<CallKind>) => void;
  readonly onResult: (result: CallResult<CallKind>) => void;
  readonly onFail: (error: EngineError) => void;
}

/**
 * glibc raises the size from which on a block is given back to the system once it is free, up to 32 MB, with every such block that is
 * freed: maps of a network then stay in its heaps, torn apart, and a recovery of ResNet-50 takes twice the memory. A fixed size ends that.
 * Other C libraries do not know it.
 */
const giveMemoryBack = { MALLOC_MMAP_THRESHOLD_: `${2 ** 20}` };

/** Enough of standard error to tell why a process ended. */
const keptDiagnostics = 8192;
/** A process that has not confirmed a cancellation by then is taken to hang and is ended. */
const cancelConfirmationMs = 2000;

/** One child process from start to end, and the calls it has not finished. */
export class EngineProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, PendingCall>();
  private readonly runs = new RunTimers((limitMs) => {
    this.end(runHung(limitMs));
  });
  private readonly ahead = new ArrivingParts();
  private nextId = 1;
  private diagnostics = '';
  private ended = false;

  constructor({ modulePath, environment, heapMegabytes }: ProcessOptions) {
    this.child = fork(modulePath, [], {
      // Inside the editor the executable is Electron, which runs as Node only when asked to.
      env: { ...giveMemoryBack, ...process.env, ...environment, [hostVariable]: `${process.pid}`, ELECTRON_RUN_AS_NODE: '1' },
      // The host's own flags (inspector ports above all) are not for the child.
      execArgv: heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.diagnostics = (this.diagnostics + text).slice(-keptDiagnostics);
    });
    this.child.on('message', (message) => {
      this.receive(message as FromProcess);
    });
    this.child.on('error', (error) => {
      this.end(unreachable(t('could not be started or reached'), error));
    });
    // `close` rather than `exit`: by then standard error has been read to its end.
    this.child.on('close', (code, signal) => {
      this.end(exitError(code, signal, this.diagnostics));
    });
  }

  get running(): boolean {
    return !this.ended && this.child.connected;
  }

  get id(): number | undefined {
    return this.child.pid;
  }

  /** Sends a call. Rejects with EngineError where it fails, is cancelled, or the process ends before it has answered. */
  call<Kind extends CallKind>(
    call: Kind,
    request: CallRequest<Kind>,
    { onProgress, signal, silenceMs }: CallFollower<CallProgress<Kind>>,
  ): Promise<CallResult<Kind>> {
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const watchdog = this.watch(silenceMs);
      const cancel = (): void => {
        reject(cancelledByUser());
        this.cancel(id);
      };
      const settle = (): void => {
        watchdog?.stop();
        signal?.removeEventListener('abort', cancel);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.pending.set(id, {
        // Both ends of the conversation are of one build: what answers a call is what the map says of its kind.
        onProgress: (progress) => {
          watchdog?.rewind();
          if (signal?.aborted !== true) onProgress?.(progress);
        },
        onResult: (result) => {
          settle();
          resolve(result);
        },
        onFail: (error) => {
          settle();
          reject(error);
        },
      });
      const isWanted = (): boolean => signal?.aborted !== true && this.pending.has(id);
      deliver({ kind: 'call', id, call, request } as CallMessage, (message) => this.send(message), isWanted).catch((error: unknown) => {
        this.pending.delete(id);
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  /** Ends the process and tells all who wait. Does nothing the second time. */
  end(reason: EngineError): void {
    if (this.ended) return;
    this.ended = true;
    this.runs.stop();
    this.child.kill('SIGKILL');
    const calls = [...this.pending.values()];
    this.pending.clear();
    for (const { onFail } of calls) onFail(reason);
  }

  /** Ends the process where it tells nothing for so long. */
  private watch(silenceMs: number | undefined): { rewind(): void; stop(): void } | undefined {
    if (silenceMs === undefined) return undefined;
    const timer = setTimeout(() => {
      this.end(silent(silenceMs));
    }, silenceMs);
    timer.unref();
    return {
      rewind: () => timer.refresh(),
      stop: () => {
        clearTimeout(timer);
      },
    };
  }

  /** Asks to stop a call, and ends a process that does not react. */
  private cancel(id: number): void {
    if (this.running) void this.send({ kind: 'cancel', id });
    const timer = setTimeout(() => {
      if (this.pending.has(id)) this.end(didNotReact());
    }, cancelConfirmationMs);
    timer.unref();
  }

  /** Resolves when the message is on its way, or cannot be any more. */
  private send(message: ToProcess): Promise<void> {
    return new Promise((resolve) => {
      // A failed send is followed by the child's `error` or `close`, which tell those who wait.
      this.child.send(message, (error) => {
        if (error !== null) this.end(unreachable(t('could not be reached'), error));
        resolve();
      });
    });
  }

  private receive(message: FromProcess): void {
    if (message.kind === 'run-began' || message.kind === 'run-ended') this.runs.hear(message);
    else if (isPartAhead(message)) this.ahead.add(message);
    else this.hearOf(this.ahead.complete(message));
  }

  private hearOf(message: CallAnswer): void {
    const call = this.pending.get(message.id);
    if (message.kind === 'progress') {
      call?.onProgress(message.progress);
      return;
    }
    this.pending.delete(message.id);
    if (message.kind === 'result') call?.onResult(message.result);
    else call?.onFail(errorOf(message));
  }
}

function errorOf(message: Exclude<CallAnswer, { kind: 'progress' | 'result' }>): EngineError {
  switch (message.kind) {
    case 'failed':
      return new EngineError(message.code, message.message, message.stack);
    case 'cancelled':
      return cancelledByUser();
    default:
      return misunderstood();
  }
}
