import { parentPort } from 'node:worker_threads';
import type { CircularModel } from '../../../core/equivariance/walk/circular-model';
import { readModel } from '../../input/read-model';
import type { WorkerAnswer, WorkerRequest } from './level-messages';
import { openCircular } from './open-circular';
import { loadTensorFlow } from './runtime';

/** Entry of a worker thread: opens models in a TensorFlow.js of its own and runs levels as they are asked for. */
export function serveLevels(): void {
  const models = new Map<number, Promise<CircularModel>>();
  parentPort?.on('message', (request: WorkerRequest) => {
    if (request.kind === 'open') models.set(request.model, opened(request));
    else if (request.kind === 'run') void answer(models.get(request.model), request);
    else void close(models, request.model);
  });
}

async function opened({ model, payload, plan }: Extract<WorkerRequest, { kind: 'open' }>): Promise<CircularModel> {
  const { tf } = await loadTensorFlow();
  const circular = await openCircular(tf, await readModel(payload, { imageSize: plan.input.size }), plan);
  send({ kind: 'ready', model });
  return circular;
}

async function close(models: Map<number, Promise<CircularModel>>, model: number): Promise<void> {
  const closing = models.get(model);
  models.delete(model);
  await (await closing)?.dispose();
}

async function answer(
  model: Promise<CircularModel> | undefined,
  { id, level, feeds }: Extract<WorkerRequest, { kind: 'run' }>,
): Promise<void> {
  try {
    const fetched = await (await model)?.runLevel(level, feeds);
    // Some values are views of the backend's own memory, which must not be given away.
    const fetches = new Map([...(fetched ?? [])].map(([name, { data, dims }]) => [name, { data: data.slice(), dims }] as const));
    send(
      { kind: 'ran', id, fetches },
      [...fetches.values()].map(({ data }) => data.buffer),
    );
  } catch {
    send({ kind: 'failed', id });
  }
}

function send(answer: WorkerAnswer, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, [...transfer]);
}
