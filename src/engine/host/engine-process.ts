import { fork, type ChildProcess } from 'node:child_process';
import { EngineError, type EngineEvent, type EngineRequest } from '../protocol/protocol';

/** Who hears of a request: its events, or the process's end. */
export interface RequestListener {
  readonly onEvent: (event: EngineEvent) => void;
  readonly onExit: (error: EngineError) => void;
}

/** Enough of standard error to tell why a process ended. */
const keptDiagnostics = 8192;
const finalKinds: ReadonlySet<EngineEvent['kind']> = new Set(['measured', 'deployed', 'classified', 'ran', 'wrote', 'failed', 'cancelled']);

/** One child process from start to end, and the requests it has not finished. */
export class EngineProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, RequestListener>();
  private diagnostics = '';
  private ended = false;

  constructor(modulePath: string, environment: Readonly<Record<string, string>>) {
    this.child = fork(modulePath, [], {
      // Inside the editor the executable is Electron, which runs as Node only when asked to.
      env: { ...process.env, ...environment, ELECTRON_RUN_AS_NODE: '1' },
      // The host's own flags (inspector ports above all) are not for the child.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.diagnostics = (this.diagnostics + text).slice(-keptDiagnostics);
    });
    this.child.on('message', (event) => {
      this.receive(event as EngineEvent);
    });
    this.child.on('error', (error) => {
      this.end(
        new EngineError(
          'engine-exited',
          `The engine process could not be started or reached (${error.message}). Measure again to start a new one.`,
        ),
      );
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

  /** Sends a request; exactly one final event or the exit follows. */
  submit(request: EngineRequest, listener: RequestListener): void {
    this.pending.set(request.id, listener);
    this.send(request);
  }

  /** Asks to stop a request; its `cancelled` event confirms. */
  cancel(id: number): void {
    if (this.running) this.send({ kind: 'cancel', id });
  }

  isPending(id: number): boolean {
    return !this.ended && this.pending.has(id);
  }

  /** Ends the process and tells all who wait. Does nothing the second time. */
  end(reason: EngineError): void {
    if (this.ended) return;
    this.ended = true;
    this.child.kill('SIGKILL');
    const listeners = [...this.pending.values()];
    this.pending.clear();
    for (const listener of listeners) listener.onExit(reason);
  }

  private send(request: EngineRequest): void {
    // A failed send is followed by the child's `error` or `close`, which tell the listeners.
    this.child.send(request, (error) => {
      if (error !== null)
        this.end(
          new EngineError('engine-exited', `The engine process could not be reached (${error.message}). Measure again to start a new one.`),
        );
    });
  }

  private receive(event: EngineEvent): void {
    const listener = this.pending.get(event.id);
    if (finalKinds.has(event.kind)) this.pending.delete(event.id);
    listener?.onEvent(event);
  }
}

function exitError(code: number | null, signal: NodeJS.Signals | null, diagnostics: string): EngineError {
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  if (/out of memory|bad_alloc/i.test(diagnostics)) {
    return new EngineError(
      'engine-exited',
      `The engine process ran out of memory and ended ${how}. Lower the memory budget in the settings, then measure again.`,
    );
  }
  return new EngineError('engine-exited', `The engine process ended unexpectedly ${how}. Measure again to start a new one.`);
}
