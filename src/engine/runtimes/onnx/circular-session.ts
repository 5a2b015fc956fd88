import type { InferenceSession } from 'onnxruntime-node';
import type { LevelResults, SummedMap } from '../../../core/equivariance/contracts';
import type { CircularModel, RunLimits, SummedRun, TensorBatch, WantedOfLevel } from '../../../core/equivariance/walk/circular-model';
import type { ReferenceMap } from '../../../core/equivariance/measure/products';
import { weightBytes } from '../../../core/equivariance/plan/weight-bytes';
import { brainToNumber, halfToNumber, numberToBrain, numberToHalf } from '../../../core/formats/half';
import type { ElementType } from '../../../core/graph/model-graph';
import { ModelError } from '../../../core/model-error';
import type { LevelSource } from '../../../core/formats/onnx/level/level-source';
import { writeLevel, type LevelModel } from '../../../core/formats/onnx/level/write-level';
import { gpuRunLimits } from '../devices/gpu-limits';
import { batchSize, LevelRunner, roomLike, type Batches, type ResultBatch } from '../one-by-one';
import { productsOf, squaresOf, summedLevel } from '../summed-results';
import type { ReadModel } from '../../input/read-model';
import type { LoadedRuntime } from './runtime';
import { runtimeError } from './runtime-error';
import { KeptReferences } from './kept-references';
import { LevelSessions } from './level-sessions';
import { sessionOptions } from './session-options';
import { toBatch, toSums, toTensor } from './tensor-exchange';

/** A session for one level and what it takes and gives. */
interface LevelSession extends Omit<LevelModel, 'bytes' | 'externalLocations'> {
  readonly session: InferenceSession;
}

/** What brings a float32 to the nearest value of less precise numbers. */
const roundings: Partial<Record<ElementType, (value: number) => number>> = {
  float16: (value) => halfToNumber(numberToHalf(value)),
  bfloat16: (value) => brainToNumber(numberToBrain(value)),
};

/** Batches from this size on are worth a session of their own, whose graph suits them. */
const largeBatch = 8;

/** An ONNX model under the circular protocol: up to two sessions per level and form of its results, made when first needed. */
export class CircularSession implements CircularModel {
  private readonly references = new KeptReferences();
  private readonly sessions = new LevelSessions<LevelSession>((level) =>
    weightBytes(this.source.graph, new Set(this.source.plan.levels[level]?.layers)),
  );
  private readonly runner = new LevelRunner(
    (level, feeds) => this.runMaps(level, feeds),
    (level) => this.batchable(level),
  );
  private readonly summing = new LevelRunner(
    (level, feeds, wanted: WantedOfLevel) => this.run(level, feeds, wanted),
    (level) => this.batchable(level),
  );

  constructor(
    private readonly loaded: LoadedRuntime,
    private readonly model: ReadModel,
    private readonly source: LevelSource,
  ) {}

  /** What a graphics card takes at a time. */
  get runLimits(): RunLimits | undefined {
    return this.isOnGpu ? gpuRunLimits : undefined;
  }

  runLevel(level: number, feeds: Batches): Promise<Batches> {
    return this.runner.runLevel(level, feeds);
  }

  readonly runSums: SummedRun = async (level, feeds, wanted) => {
    return summedLevel(await this.summing.runLevel(level, feeds, wanted), wanted.references.keys());
  };

  endCall(): void {
    this.sessions.endCall();
  }

  dispose(): Promise<void> {
    return this.sessions.dispose();
  }

  /** @param wanted all fetches as they are unless told */
  private session(level: number, large: boolean, wanted?: WantedOfLevel): Promise<LevelSession> {
    const results = wanted && JSON.stringify([wanted.maps, [...resultsOf(wanted).sums]]);
    return this.sessions.get({ level, large, results }, () => this.open(level, large, wanted));
  }

  private async open(level: number, large: boolean, wanted: WantedOfLevel | undefined): Promise<LevelSession> {
    const { bytes, externalLocations, ...written } = writeLevel(this.source, level, {
      forLargeBatches: large,
      forGpu: this.isOnGpu,
      ...(wanted && { results: resultsOf(wanted), block: this.isOnGpu ? undefined : this.loaded.block }),
    });
    if (large && written.batchUnit === 1) return this.session(level, false, wanted);
    const options = await sessionOptions(this.model, externalLocations, this.loaded);
    return { ...written, session: await refusing(this.model, () => this.loaded.runtime.InferenceSession.create(bytes, options)) };
  }

  /** An image as the model's input holds it: less precise numbers round it, which a runtime leaves out where it computes in float32. */
  private asDeclared(name: string, feed: TensorBatch): TensorBatch {
    const { plan, graph } = this.source;
    const isImage = plan.input.images.some(({ tensor }) => tensor === name);
    const rounds = isImage ? roundings[graph.tensors.get(name)?.elementType ?? 'float32'] : undefined;
    return rounds === undefined ? feed : { ...feed, data: feed.data.map(rounds) };
  }

  private get isOnGpu(): boolean {
    return this.loaded.provider !== undefined;
  }

  private batchable(level: number): boolean {
    return this.source.plan.levels[level]?.batchable !== false;
  }

  private async runMaps(level: number, feeds: Batches): Promise<Batches> {
    return summedLevel(await this.run(level, feeds), []).maps;
  }

  private async run(level: number, feeds: Batches, wanted?: WantedOfLevel): Promise<ReadonlyMap<string, ResultBatch>> {
    const batch = batchSize(feeds);
    const { session, feedNames, fetchNames, sums, batchUnit } = await this.session(level, batch >= largeBatch && !this.isOnGpu, wanted);
    const padded = Math.ceil(batch / batchUnit) * batchUnit;
    const tensors = Object.fromEntries([
      ...[...feeds].map(
        ([name, feed]) =>
          [feedNames.get(name) ?? name, toTensor(this.loaded.runtime, resized(this.asDeclared(name, feed), padded))] as const,
      ),
      ...[...sums].flatMap(([tensor, { reference, block }]) => {
        const known = wanted?.references.get(tensor);
        return known === undefined ? [] : [[reference, this.references.tensor(this.loaded.runtime, known, block)] as const];
      }),
    ]);
    const results = await refusing(this.model, () => session.run(tensors));
    const batches = new Map<string, ResultBatch>();
    const take = (name: string, result: ResultBatch): void => {
      batches.set(name, result.dims[0] === padded ? resized(result, batch) : result);
    };
    for (const [name, tensor] of fetchNames) take(tensor, toBatch(name, results[name]));
    for (const [tensor, { squares, products }] of sums) {
      take(squaresOf(tensor), toSums(squares, results[squares]));
      take(productsOf(tensor), toSums(products, results[products]));
    }
    return batches;
  }
}

/** What a level is written to give. Maps whose channels come last leave as they are: the nodes that sum know channels in front. */
function resultsOf({ maps, references }: WantedOfLevel): LevelResults {
  const isSummed = ({ geometry }: ReferenceMap): boolean => geometry.layout === 'channels-first';
  const sums = [...references]
    .filter(([, reference]) => isSummed(reference))
    .map(([tensor, reference]) => [tensor, summedMap(reference)] as const);
  return {
    maps: [...maps, ...[...references].flatMap(([tensor, reference]) => (isSummed(reference) || maps.includes(tensor) ? [] : [tensor]))],
    sums: new Map(sums),
  };
}

function summedMap({ geometry: { channels, size }, metric, isRolled = false }: ReferenceMap): SummedMap {
  return { channels, size, over: metric === 'flat' ? 'everything' : 'channels', isRolled };
}

/** The batch with images of zeros at its end, or without its last ones. */
function resized<Batch extends ResultBatch>({ data, dims }: Batch, images: number): { data: Batch['data']; dims: readonly number[] } {
  const [count = 1, ...shape] = dims;
  if (count === images) return { data, dims };
  const length = shape.reduce((product, side) => product * side, images);
  if (length <= data.length) return { data: data.subarray(0, length), dims: [images, ...shape] };
  const longer = roomLike(data, length);
  longer.set(data);
  return { data: longer, dims: [images, ...shape] };
}

/** What the runtime cannot do becomes one sentence. @throws ModelError */
export async function refusing<T>({ payload, graph }: Pick<ReadModel, 'payload' | 'graph'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ModelError ? error : runtimeError(payload.path, graph, error);
  }
}
