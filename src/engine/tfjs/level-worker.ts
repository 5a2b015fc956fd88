import { parentPort, workerData } from 'node:worker_threads';
import type { CircularModel, TensorBatch } from '../../core/equivariance/circular-model';
import type { MeasurePlan } from '../../core/equivariance/measure-plan';
import type { ModelPayload } from '../protocol';
import { readModel } from '../resources';
import { openCircular } from './open-circular';
import { loadTensorFlow } from './runtime';

/** What a worker thread is started with: the model, and the plan whose levels it runs. */
export interface WorkerOrder {
  readonly payload: ModelPayload;
  readonly plan: MeasurePlan;
}

/** A level to run, on its part of a batch. */
export interface WorkerRequest {
  readonly id: number;
  readonly level: number;
  readonly feeds: ReadonlyMap<string, TensorBatch>;
}

/** What a worker answers: that it is ready, and then once for every request. */
export type WorkerAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ran'; readonly id: number; readonly fetches: ReadonlyMap<string, TensorBatch> }
  | { readonly kind: 'failed'; readonly id: number };

/** Entry of a worker thread: opens the model in a TensorFlow.js of its own and runs levels as they are asked for. */
export async function serveLevels(): Promise<void> {
  const { payload, plan } = workerData as WorkerOrder;
  const [{ tf }, { graph }] = [await loadTensorFlow(), await readModel(payload)];
  const model = await openCircular(tf, payload, graph, plan);
  parentPort?.on('message', (request: WorkerRequest) => { void answer(model, request); });
  send({ kind: 'ready' });
}

async function answer(model: CircularModel, { id, level, feeds }: WorkerRequest): Promise<void> {
  try {
    const fetched = await model.runLevel(level, feeds);
    // Some values are views of the backend's own memory, which must not be given away.
    const fetches = new Map([...fetched].map(([name, { data, dims }]) => [name, { data: data.slice(), dims }] as const));
    send({ kind: 'ran', id, fetches }, [...fetches.values()].map(({ data }) => data.buffer));
  } catch {
    send({ kind: 'failed', id });
  }
}

function send(answer: WorkerAnswer, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, [...transfer]);
}
