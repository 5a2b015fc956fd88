import { isMainThread } from 'node:worker_threads';
import { serveClassify } from './classify';
import { serveDeployed } from './deployed';
import { describeFailure } from '../protocol/failure';
import { serveFeatures } from './features';
import { serveVariants } from './measure-variants';
import type { EngineEvent, EngineRequest } from '../protocol/protocol';
import { serveMeasure, serveRun } from './session';
import { serveLevels } from '../runtimes/tfjs/level-worker';
import { writeMaps } from '../output/write-maps';

/**
 * Entry of the engine process: takes requests over the IPC channel (advanced serialization) and answers with events.
 * Requests are served one at a time, in order; a cancellation takes effect between two runs of the model.
 */
type Work = Exclude<EngineRequest, { kind: 'cancel' }>;

const queue: Work[] = [];
const cancelled = new Set<number>();
let current: number | undefined;

function emit(event: EngineEvent): void {
  process.send?.(event);
}

function receive(request: EngineRequest): void {
  if (request.kind === 'cancel') {
    cancel(request.id);
    return;
  }
  queue.push(request);
  if (current === undefined) void serveQueue();
}

function cancel(id: number): void {
  const waiting = queue.findIndex((request) => request.id === id);
  if (waiting >= 0) {
    queue.splice(waiting, 1);
    emit({ kind: 'cancelled', id });
  } else if (id === current) {
    cancelled.add(id);
  }
}

async function serveQueue(): Promise<void> {
  for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
    current = request.id;
    await serve(request);
    cancelled.delete(request.id);
    current = undefined;
  }
}

async function serve(request: Work): Promise<void> {
  const { id } = request;
  const cancellation = {
    get cancelled() {
      return cancelled.has(id);
    },
  };
  try {
    if (request.kind === 'measure') await serveMeasure(request, emit, cancellation);
    else if (request.kind === 'measure-deployed') await serveDeployed(request, emit, cancellation);
    else if (request.kind === 'features') await serveFeatures(request, emit, cancellation);
    else if (request.kind === 'classify') await serveClassify(request, emit, cancellation);
    else if (request.kind === 'measure-variants') await serveVariants(request, emit, cancellation);
    else if (request.kind === 'run') await serveRun(request, emit);
    else {
      await writeMaps(request.folder, request.maps);
      emit({ kind: 'wrote', id });
    }
  } catch (error) {
    emit({ kind: 'failed', id, ...describeFailure(error) });
  }
}

/** After an error that nobody caught the process is in an unknown state: it reports and ends; the client starts a new one. */
function fail(error: unknown): void {
  const event: EngineEvent | undefined = current === undefined ? undefined : { kind: 'failed', id: current, ...describeFailure(error) };
  if (event === undefined || process.send === undefined) process.exit(1);
  process.send(event, () => process.exit(1));
}

/** The same file serves as worker thread of the TensorFlow.js engine. */
if (isMainThread) {
  process.on('message', receive);
  process.on('disconnect', () => process.exit(0));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
} else {
  serveLevels();
}
