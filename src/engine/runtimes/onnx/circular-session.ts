import type { InferenceSession } from 'onnxruntime-node';
import type { CircularModel, TensorBatch } from '../../../core/equivariance/walk/circular-model';
import { brainToNumber, halfToNumber, numberToBrain, numberToHalf } from '../../../core/formats/half';
import type { ElementType } from '../../../core/graph/model-graph';
import { ModelError } from '../../../core/model-error';
import type { LevelSource } from '../../../core/formats/onnx/level/level-source';
import { writeLevel } from '../../../core/formats/onnx/level/write-level';
import { batchSize, LevelRunner, type Batches } from '../one-by-one';
import type { ReadModel } from '../../input/read-model';
import type { LoadedRuntime } from './runtime';
import { runtimeError } from './runtime-error';
import { sessionOptions } from './session-options';
import { toBatch, toTensor } from './tensor-exchange';

/** A session for one level and the unit that its batch has to be a multiple of. */
interface LevelSession {
  readonly session: InferenceSession;
  readonly feedNames: ReadonlyMap<string, string>;
  readonly fetchNames: ReadonlyMap<string, string>;
  readonly batchUnit: number;
}

/** What brings a float32 to the nearest value of less precise numbers. */
const roundings: Partial<Record<ElementType, (value: number) => number>> = {
  float16: (value) => halfToNumber(numberToHalf(value)),
  bfloat16: (value) => brainToNumber(numberToBrain(value)),
};

/** Batches from this size on are worth a session of their own, whose graph suits them. */
const largeBatch = 8;

/** An ONNX model under the circular protocol: up to two sessions per level, made when first needed. */
export class CircularSession implements CircularModel {
  private readonly sessions = new Map<string, Promise<LevelSession>>();
  private readonly runner = new LevelRunner(
    (level, feeds) => this.run(level, feeds),
    (level) => this.source.plan.levels[level]?.batchable !== false,
  );

  constructor(
    private readonly loaded: LoadedRuntime,
    private readonly model: ReadModel,
    private readonly source: LevelSource,
  ) {}

  runLevel(level: number, feeds: Batches): Promise<Batches> {
    return this.runner.runLevel(level, feeds);
  }

  async dispose(): Promise<void> {
    const opened = await Promise.allSettled(new Set(this.sessions.values()));
    this.sessions.clear();
    const sessions = new Set(opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value.session] : [])));
    for (const session of sessions) await session.release();
  }

  private session(level: number, large: boolean): Promise<LevelSession> {
    const key = `${level}${large ? ' large' : ''}`;
    const known = this.sessions.get(key);
    if (known !== undefined) return known;
    const opening = this.open(level, large);
    this.sessions.set(key, opening);
    return opening;
  }

  private async open(level: number, large: boolean): Promise<LevelSession> {
    const { bytes, externalLocations, batchUnit, feedNames, fetchNames } = writeLevel(this.source, level, large);
    if (large && batchUnit === 1) return this.session(level, false);
    const options = await sessionOptions(this.model, externalLocations, this.loaded.readsFolders);
    return {
      session: await refusing(this.model, () => this.loaded.runtime.InferenceSession.create(bytes, options)),
      feedNames,
      fetchNames,
      batchUnit,
    };
  }

  /** An image as the model's input holds it: less precise numbers round it, which a runtime leaves out where it computes in float32. */
  private asDeclared(name: string, feed: TensorBatch): TensorBatch {
    const { plan, graph } = this.source;
    const isImage = plan.input.images.some(({ tensor }) => tensor === name);
    const rounds = isImage ? roundings[graph.tensors.get(name)?.elementType ?? 'float32'] : undefined;
    return rounds === undefined ? feed : { ...feed, data: feed.data.map(rounds) };
  }

  private async run(level: number, feeds: Batches): Promise<Batches> {
    const batch = batchSize(feeds);
    const { session, feedNames, fetchNames, batchUnit } = await this.session(level, batch >= largeBatch);
    const padded = Math.ceil(batch / batchUnit) * batchUnit;
    const tensors = Object.fromEntries(
      [...feeds].map(([name, feed]) => [
        feedNames.get(name) ?? name,
        toTensor(this.loaded.runtime, resized(this.asDeclared(name, feed), padded)),
      ]),
    );
    const results = await refusing(this.model, () => session.run(tensors));
    return new Map(
      session.outputNames.map((name) => {
        const result = toBatch(name, results[name]);
        return [fetchNames.get(name) ?? name, result.dims[0] === padded ? resized(result, batch) : result];
      }),
    );
  }
}

/** The batch with images of zeros at its end, or without its last ones. */
function resized(batch: TensorBatch, images: number): TensorBatch {
  const [count = 1, ...shape] = batch.dims;
  if (count === images) return batch;
  const length = shape.reduce((product, side) => product * side, images);
  const dims = [images, ...shape];
  if (length <= batch.data.length) return { data: batch.data.subarray(0, length), dims };
  const data = new Float32Array(length);
  data.set(batch.data);
  return { data, dims };
}

/** What the runtime cannot do becomes one sentence. @throws ModelError */
export async function refusing<T>({ payload, graph }: Pick<ReadModel, 'payload' | 'graph'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ModelError ? error : runtimeError(payload.path, graph, error);
  }
}
