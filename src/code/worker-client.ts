import { dirname, join } from 'node:path';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import { t } from '@vscode/l10n';
import type { CodeReplies, CodeReply, CodeRequest, CodeRequestKind, CodeRequests } from './protocol';
import type { WorkerData } from './worker-data';

/** Where the worker comes from, and what it has to know when it starts. */
export interface CodeWorkerOptions {
  /** The bundled `worker.ts`; the folder `grammars` lies beside it. */
  readonly modulePath: string;
  /** All documents that are followed, with their text of this moment: a worker that starts, also after a crash, gets them first. */
  readonly documents: () => Iterable<CodeRequests['open']>;
  /** Told of every worker that has started, once it has been given the documents. */
  readonly onStart?: () => void;
  /** Of its messages, by their English texts; without them they are English. */
  readonly translations?: WorkerData['translations'];
  readonly resourceLimits?: ResourceLimits;
  /** Time after which a worker that does not answer is taken to hang and is ended. */
  readonly answerWithinMs?: number;
}

/** Why a request was not answered; `message` is a full sentence. */
export class CodeWorkerError extends Error {
  override readonly name = 'CodeWorkerError';
}

/** What the worker could not do, with its own stack, which is for the log alone. */
function failed({ message, stack }: Extract<CodeReply, { ok: false }>): CodeWorkerError {
  const error = new CodeWorkerError(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

interface PendingRequest {
  readonly resolve: (body: CodeReplies[CodeRequestKind]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Trees of large files stay well below; a runaway must not take the editor with it. What one lint makes is gone at its end:
 * with room for all of it, most of it is never copied.
 */
const defaultLimits: ResourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 192 };
const defaultAnswerWithinMs = 30_000;
/** As many ends within this time mean that starting again will not help. */
const endsTolerated = 3;
const endsWithinMs = 60_000;

/**
 * The thread that holds the syntax trees: started by the first request that needs it, and again by the next one after it
 * has ended. Messages are sent at once and answered in order.
 */
export class CodeWorkerClient {
  private worker: Worker | undefined;
  private readonly pending = new Map<number, PendingRequest>();
  private nextNumber = 1;
  private readonly ends: number[] = [];
  private watchdog: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(private readonly options: CodeWorkerOptions) {}

  get running(): boolean {
    return this.worker !== undefined;
  }

  /** Sends a request. Rejects with CodeWorkerError where the worker fails, ends, hangs or may not start any more. */
  async request<K extends CodeRequestKind>(kind: K, body: CodeRequests[K]): Promise<CodeReplies[K]> {
    if (this.worker === undefined) {
      // A worker that starts learns every text from `documents`, this change included.
      if (kind === 'edit' || kind === 'close' || kind === 'changed' || kind === 'forget') return nobody as CodeReplies[K];
      this.start();
      if (kind === 'open') return nobody as CodeReplies[K];
    }
    return (await this.send({ number: this.nextNumber++, kind, body } as CodeRequest)) as CodeReplies[K];
  }

  /** Ends the worker; requests under way are rejected, and so are later ones. */
  dispose(): void {
    this.disposed = true;
    this.end(t('The check of model code ended because Shiftlint is closing.'));
  }

  private start(): void {
    if (this.disposed) throw new CodeWorkerError(t('The check of model code has ended because Shiftlint is closing.'));
    const { modulePath, documents, translations, resourceLimits = defaultLimits } = this.options;
    while ((this.ends[0] ?? Infinity) < Date.now() - endsWithinMs) this.ends.shift();
    if (this.ends.length >= endsTolerated) {
      throw new CodeWorkerError(t`The check of model code ended ${endsTolerated} times within a minute. It is tried again a minute later.`);
    }
    // The host's own flags (inspector ports above all) are not for the worker.
    const workerData: WorkerData = { grammars: join(dirname(modulePath), 'grammars'), translations };
    const worker = new Worker(modulePath, {
      workerData,
      resourceLimits,
      execArgv: [],
    });
    this.worker = worker;
    worker.unref();
    worker.on('message', (reply: CodeReply) => {
      this.receive(reply);
    });
    worker.on('error', (error) => {
      this.ended(worker, t`The check of model code ended unexpectedly (${firstLine(error.message)}).`);
    });
    worker.on('exit', (code) => {
      this.ended(worker, t`The check of model code ended unexpectedly with exit code ${code}.`);
    });
    for (const body of documents()) {
      // A document that fails to open says so again when it is linted.
      this.send({ number: this.nextNumber++, kind: 'open', body }).catch(() => undefined);
    }
    this.options.onStart?.();
  }

  private send(request: CodeRequest): Promise<CodeReplies[CodeRequestKind]> {
    return new Promise((resolve, reject) => {
      this.pending.set(request.number, { resolve, reject });
      this.worker?.postMessage(request);
      this.watchdog ??= this.watch();
    });
  }

  private receive(reply: CodeReply): void {
    const waiting = this.pending.get(reply.number);
    this.pending.delete(reply.number);
    clearTimeout(this.watchdog);
    this.watchdog = this.pending.size === 0 ? undefined : this.watch();
    if (reply.ok) waiting?.resolve(reply.body);
    else waiting?.reject(failed(reply));
  }

  private watch(): NodeJS.Timeout {
    const { answerWithinMs = defaultAnswerWithinMs } = this.options;
    const timer = setTimeout(() => {
      this.ends.push(Date.now());
      this.end(t`The check of model code did not answer within ${answerWithinMs / 1000} seconds and was ended.`);
    }, answerWithinMs);
    timer.unref();
    return timer;
  }

  private ended(worker: Worker, reason: string): void {
    if (worker !== this.worker) return;
    this.ends.push(Date.now());
    this.end(reason);
  }

  private end(reason: string): void {
    const { worker } = this;
    this.worker = undefined;
    clearTimeout(this.watchdog);
    this.watchdog = undefined;
    void worker?.terminate();
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of waiting) reject(new CodeWorkerError(reason));
  }
}

/** A worker that starts judges nothing that it has judged before. */
const nobody: readonly string[] = [];

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/\.$/, '');
}
