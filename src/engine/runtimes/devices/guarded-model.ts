import type { CircularModel, RunLimits, SummedLevel, SummedRun, WantedOfLevel } from '../../../core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { batchSize, type Batches } from '../one-by-one';
import { hasEmptyImage, hasEmptySums, largestDifference, lastImages, mapDifference, sumsDifference } from './agreement';
import type { GpuTrust } from './gpu-trust';

/** Opens a model on the processor: for a few comparisons, or for all that is left to do. */
export interface OnProcessor {
  readonly compare: () => Promise<CircularModel>;
  readonly replace: () => Promise<CircularModel>;
}

/** The processor takes a batch that was made for a graphics card in so many pieces. */
const pieces = 4;

/**
 * A model on a graphics card that is not trusted blindly: what it first gives of every level, maps and sums, is compared with what the
 * processor gives of one image. Whatever fails or differs is done again on the processor, and all that follows too.
 */
export class GuardedModel implements CircularModel {
  private readonly agreed = new Set<string>();
  private comparing: Promise<CircularModel> | undefined;
  private replacing: Promise<CircularModel> | undefined;

  constructor(
    private readonly gpu: CircularModel,
    private readonly onProcessor: OnProcessor,
    private readonly plan: MeasurePlan,
    private readonly trust: GpuTrust,
  ) {}

  /** The model on the processor, where that has taken over. */
  get replacement(): Promise<CircularModel> | undefined {
    return this.replacing;
  }

  get runLimits(): RunLimits | undefined {
    return this.onGpu?.runLimits;
  }

  get runSums(): SummedRun | undefined {
    return this.gpu.runSums === undefined ? undefined : (level, feeds, wanted) => this.sums(level, feeds, wanted);
  }

  runLevel(level: number, feeds: Batches): Promise<Batches> {
    return this.guarded(mapsOf(level), {
      run: (model) => model.runLevel(level, feeds),
      isEmpty: hasEmptyImage,
      difference: async (given) => mapDifference(lastImages(given), await this.expected(level, feeds)),
      instead: async (model) => joined(await eachPiece(feeds, (piece) => model.runLevel(level, piece))),
    });
  }

  endCall(): void {
    this.gpu.endCall?.();
  }

  async dispose(): Promise<void> {
    // A card that was given up may not even be able to let go.
    await this.gpu.dispose().catch(() => undefined);
    await this.endComparing();
    await closed(this.replacing);
  }

  private sums(level: number, feeds: Batches, wanted: WantedOfLevel): Promise<SummedLevel> {
    return this.guarded(sumsOf(level), {
      run: (model) => summed(model, level, feeds, wanted),
      isEmpty: ({ maps, sums }) => hasEmptyImage(maps) || hasEmptySums(sums),
      difference: async (given) => {
        const expected = await this.expected(level, feeds);
        return Math.max(mapDifference(lastImages(given.maps), expected), sumsDifference(given, wanted.references, expected));
      },
      instead: async (model) => joinedSums(await eachPiece(feeds, (piece) => summed(model, level, piece, wanted))),
    });
  }

  private get onGpu(): CircularModel | undefined {
    return this.trust.lost ? undefined : this.gpu;
  }

  private async guarded<Given>(
    what: string,
    {
      run,
      isEmpty,
      difference,
      instead,
    }: {
      readonly run: (model: CircularModel) => Promise<Given>;
      /** A card that lost its memory may go on giving zeros, without an error: such are compared again. */
      readonly isEmpty: (given: Given) => boolean;
      readonly difference: (given: Given) => Promise<number>;
      readonly instead: (model: CircularModel) => Promise<Given>;
    },
  ): Promise<Given> {
    const given = await this.tried(run);
    if (given !== undefined && ((this.agreed.has(what) && !isEmpty(given)) || (await this.agrees(what, await difference(given)))))
      return given;
    return instead(await this.replaced());
  }

  private async tried<Given>(run: (model: CircularModel) => Promise<Given>): Promise<Given | undefined> {
    const { onGpu } = this;
    if (onGpu === undefined) return undefined;
    try {
      return await run(onGpu);
    } catch (error) {
      this.trust.lose({ kind: 'failed', error });
      return undefined;
    }
  }

  private async agrees(what: string, difference: number): Promise<boolean> {
    if (difference > largestDifference) {
      this.trust.lose({ kind: 'differs', difference });
      return false;
    }
    this.agreed.add(what);
    if (what === this.lastComparison) await this.endComparing();
    return true;
  }

  /** Levels are first run in their order. */
  private get lastComparison(): string {
    const last = this.plan.levels.length - 1;
    return this.gpu.runSums === undefined ? mapsOf(last) : sumsOf(last);
  }

  /** What the processor gives of the last image of a batch. */
  private async expected(level: number, feeds: Batches): Promise<Batches> {
    return (await (this.comparing ??= this.onProcessor.compare())).runLevel(level, lastImages(feeds));
  }

  private async replaced(): Promise<CircularModel> {
    await this.endComparing();
    return (this.replacing ??= this.onProcessor.replace());
  }

  private async endComparing(): Promise<void> {
    const open = this.comparing;
    this.comparing = undefined;
    await closed(open);
  }
}

/** Closes a model, if it could be opened. */
async function closed(model: Promise<CircularModel> | undefined): Promise<void> {
  await (await model?.catch(() => undefined))?.dispose();
}

function mapsOf(level: number): string {
  return `maps of ${level}`;
}

function sumsOf(level: number): string {
  return `sums of ${level}`;
}

/** Sums where a model has a way to take them, else the maps. */
async function summed(model: CircularModel, level: number, feeds: Batches, wanted: WantedOfLevel): Promise<SummedLevel> {
  if (model.runSums !== undefined) return model.runSums(level, feeds, wanted);
  return { maps: await model.runLevel(level, feeds), sums: new Map() };
}

async function eachPiece<Given>(feeds: Batches, run: (piece: Batches) => Promise<Given>): Promise<readonly Given[]> {
  const images = batchSize(feeds);
  const length = Math.ceil(images / pieces);
  const given: Given[] = [];
  for (let first = 0; first < images; first += length) given.push(await run(slice(feeds, images, first, Math.min(images, first + length))));
  return given;
}

function slice(feeds: Batches, images: number, first: number, end: number): Batches {
  return new Map(
    [...feeds].map(([name, { data, dims }]) => {
      const length = data.length / images;
      return [name, { data: data.subarray(first * length, end * length), dims: [end - first, ...dims.slice(1)] }];
    }),
  );
}

function joined(parts: readonly Batches[]): Batches {
  const [first] = parts;
  return new Map(
    [...(first ?? [])].map(([name, { dims }]) => {
      const batches = parts.flatMap((part) => part.get(name) ?? []);
      const data = new Float32Array(batches.reduce((sum, batch) => sum + batch.data.length, 0));
      concatenate(
        data,
        batches.map((batch) => batch.data),
      );
      return [name, { data, dims: [batches.reduce((sum, batch) => sum + (batch.dims[0] ?? 0), 0), ...dims.slice(1)] }];
    }),
  );
}

function joinedSums(parts: readonly SummedLevel[]): SummedLevel {
  const [first] = parts;
  const sums = new Map(
    [...(first?.sums.keys() ?? [])].map((tensor) => {
      const batches = parts.flatMap((part) => part.sums.get(tensor) ?? []);
      const [squares, products] = (['squares', 'products'] as const).map((kind) => {
        const all = new Float64Array(batches.reduce((sum, batch) => sum + batch[kind].length, 0));
        concatenate(
          all,
          batches.map((batch) => batch[kind]),
        );
        return all;
      });
      const images = batches.reduce((sum, batch) => sum + batch.images, 0);
      return [tensor, { images, squares: squares ?? new Float64Array(), products: products ?? new Float64Array() }] as const;
    }),
  );
  return { maps: joined(parts.map(({ maps }) => maps)), sums };
}

function concatenate<Numbers extends Float32Array | Float64Array>(target: Numbers, parts: readonly Numbers[]): void {
  let place = 0;
  for (const part of parts) {
    target.set(part, place);
    place += part.length;
  }
}
