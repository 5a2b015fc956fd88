import { resolvePadding, windowOutputSize } from '../graph/window';
import type { Layout, Window } from '../graph/model-graph';
import type { TensorBatch } from '../equivariance/walk/circular-model';
import type { LinearWeights } from './linear-layer';
import type { AddProducts } from './matrix-products';
import { NormalEquations } from './normal-equations';
import { writePatch, type PatchSource, type PatchWindow } from './patches';
import type { RecoveryStep } from './steps';

/** Samples whose patches are gathered before they are added to the sums. */
const gathered = 256;

/** A batch with the layout of its tensor. */
export interface LaidOut {
  readonly batch: TensorBatch;
  readonly layout: Layout;
}

/** How a layer's answers are learned. */
export interface EquationOptions {
  /** True where a bias may be solved for. */
  readonly withBias: boolean;
  /** True where one scale and bias an output is all that is learned. */
  readonly onlyScale: boolean;
  readonly addProducts: AddProducts;
}

/**
 * Gathers what samples say about a layer's weights: its input in the fixed model against what the original layer gave, before its
 * activation, at the same position. One system of equations a group; for scales alone, one an output.
 */
export class LayerEquations {
  readonly systems: readonly NormalEquations[];
  private readonly size: number;
  private readonly old: Float64Array;
  private pending = 0;
  /** `[unknowns, gathered]` for each group. */
  private readonly inputs: readonly Float64Array[];
  /** `[outputs, gathered]`, groups one behind the other. */
  private readonly targets: Float64Array;
  private readonly originals: Float64Array;

  constructor(
    private readonly step: RecoveryStep,
    private readonly weights: LinearWeights,
    private readonly options: EquationOptions,
  ) {
    const { groups, outputs, unknowns } = step.linear;
    this.size = unknowns + (options.withBias ? 1 : 0);
    this.old = Float64Array.from(weights.weights);
    const perGroup = outputs / groups;
    this.systems = options.onlyScale
      ? Array.from({ length: outputs }, () => new NormalEquations(options.withBias ? 2 : 1, 1, options.addProducts))
      : Array.from({ length: groups }, () => new NormalEquations(this.size, perGroup, options.addProducts));
    this.inputs = Array.from({ length: groups }, () => new Float64Array(this.size * gathered).fill(1, unknowns * gathered));
    this.targets = new Float64Array(outputs * gathered);
    this.originals = new Float64Array(groups * unknowns * gathered);
  }

  /** Adds positions of one sample. @param positions flat places in the layer's output; drawn by the caller */
  async add(original: LaidOut, fixed: LaidOut, sample: number, draw: (positions: number) => readonly number[]): Promise<void> {
    const views = viewsOf(this.step, original, fixed, sample);
    const { groups, unknowns } = this.step.linear;
    for (const place of draw(views.positions)) {
      const position = coordinates(place, views.outputSize);
      for (let group = 0; group < groups; group++) {
        const channels = views.fixed.source.channels / groups;
        const range = { first: group * channels, count: channels };
        const input = { data: this.inputs[group] ?? new Float64Array(), offset: this.pending, unknownStride: gathered };
        writePatch(input, views.fixed.source, views.fixed.window, range, position);
        const answer = { data: this.originals, offset: (group * gathered + this.pending) * unknowns, unknownStride: 1 };
        writePatch(answer, views.original.source, views.original.window, range, position);
      }
      this.pending += 1;
      if (this.pending === gathered) await this.flush();
    }
  }

  /** To be called once all samples have been added. */
  complete(): Promise<void> {
    return this.flush();
  }

  /** Works out what the original layer gave, and adds what has been gathered to the sums. */
  private async flush(): Promise<void> {
    const { groups, outputs, unknowns } = this.step.linear;
    const { addProducts, onlyScale } = this.options;
    const count = this.pending;
    this.pending = 0;
    if (count === 0) return;
    const perGroup = outputs / groups;
    this.fillWithBias();
    for (let group = 0; group < groups; group++) {
      const rows = { data: this.old, offset: group * perGroup * unknowns, stride: unknowns, count: perGroup };
      const patches = { data: this.originals, offset: group * gathered * unknowns, stride: unknowns, count };
      const targets = { data: this.targets, offset: group * perGroup * gathered, stride: gathered, count: perGroup };
      await addProducts(targets, rows, patches, unknowns, 1);
      if (onlyScale) await this.addScales(group, targets, count);
      else
        await this.systems[group]?.add(
          { data: this.inputs[group] ?? new Float64Array(), offset: 0, stride: gathered, count: this.size },
          targets,
          count,
        );
    }
  }

  private fillWithBias(): void {
    const { outputs } = this.step.linear;
    for (let output = 0; output < outputs; output++)
      this.targets.fill(this.weights.bias?.[output] ?? 0, output * gathered, (output + 1) * gathered);
  }

  /** What the old weights give of the fixed model's input is the one unknown of an output. */
  private async addScales(
    group: number,
    targets: { readonly data: Float64Array; readonly offset: number; readonly stride: number; readonly count: number },
    count: number,
  ): Promise<void> {
    const { unknowns } = this.step.linear;
    const input = this.inputs[group] ?? new Float64Array();
    for (let output = 0; output < targets.count; output++) {
      const index = group * targets.count + output;
      const answers = new Float64Array(2 * gathered).fill(1, gathered);
      for (let unknown = 0; unknown < unknowns; unknown++) {
        const weight = this.old[index * unknowns + unknown] ?? 0;
        for (let sample = 0; sample < count; sample++)
          answers[sample] = (answers[sample] ?? 0) + weight * (input[unknown * gathered + sample] ?? 0);
      }
      const system = this.systems[index];
      await system?.add(
        { data: answers, offset: 0, stride: gathered, count: system.unknowns },
        { ...targets, offset: targets.offset + output * gathered, count: 1 },
        count,
      );
    }
  }
}

/** A map and the windows over it. */
interface WindowView {
  readonly source: PatchSource;
  readonly window: PatchWindow;
}

interface Views {
  readonly original: WindowView;
  readonly fixed: WindowView;
  readonly outputSize: readonly number[];
  readonly positions: number;
}

const noAxes: PatchWindow = { kernel: [], stride: [], dilation: [], begin: [] };

/** Both inputs as windows of the same positions. A layer that lost its stride is asked what it would have given without. */
function viewsOf({ original: before, fixed: after, linear }: RecoveryStep, original: LaidOut, fixed: LaidOut, sample: number): Views {
  const window = linear.window;
  if (window === undefined) {
    const [one, other] = [vectorsOf(original, sample), vectorsOf(fixed, sample)];
    const positions = other.size[0] ?? 1;
    const everyPosition: PatchWindow = { kernel: [1], stride: [1], dilation: [1], begin: [0] };
    return {
      original: { source: one, window: everyPosition },
      fixed: { source: other, window: everyPosition },
      outputSize: [positions],
      positions,
    };
  }
  const [one, other] = [mapOf(original, sample, window.kernel.length), mapOf(fixed, sample, window.kernel.length)];
  const outputSize = sizeAfter(window, other.size);
  const own = 'window' in before.operation ? before.operation.window : window;
  const isAsBefore =
    after.operation.kind === before.operation.kind && sizeAfter(own, one.size).every((length, axis) => length === outputSize[axis]);
  return {
    original: { source: one, window: patchWindow(isAsBefore ? own : window, one.size) },
    fixed: { source: other, window: patchWindow(window, other.size) },
    outputSize,
    positions: outputSize.reduce((product, length) => product * length, 1),
  };
}

function patchWindow(window: Window, size: readonly number[]): PatchWindow {
  const { kernel, stride, dilation } = window;
  return kernel.length === 0 ? noAxes : { kernel, stride, dilation, begin: resolvePadding(window, size)?.begin ?? kernel.map(() => 0) };
}

function sizeAfter(window: Window, size: readonly number[]): readonly number[] {
  return windowOutputSize(window, size).map((length) => length ?? 0);
}

/** One sample of a batch of maps; axes that the model does not have, as those of signals, have length 1. */
function mapOf({ batch: { data, dims }, layout }: LaidOut, sample: number, axes: number): PatchSource {
  const [count = 1, ...shape] = dims;
  const channels = (layout === 'channels-first' ? shape[0] : shape.at(-1)) ?? 1;
  const size = layout === 'channels-first' ? shape.slice(1) : shape.slice(0, -1);
  const missing = Math.max(0, axes - size.length);
  return { data, offset: (data.length / count) * sample, layout, channels, size: [...Array.from({ length: missing }, () => 1), ...size] };
}

/** One sample as vectors along its last axis, one a position. */
function vectorsOf({ batch: { data, dims } }: LaidOut, sample: number): PatchSource {
  const [count = 1, ...shape] = dims;
  const length = data.length / count;
  const channels = shape.at(-1) ?? 1;
  return { data, offset: length * sample, layout: 'channels-last', channels, size: [length / channels] };
}

function coordinates(place: number, size: readonly number[]): readonly number[] {
  let rest = place;
  return size
    .toReversed()
    .map((length) => {
      const coordinate = rest % length;
      rest = Math.floor(rest / length);
      return coordinate;
    })
    .reverse();
}
