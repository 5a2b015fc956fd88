import type { LinearWeights } from './linear-layer';
import type { AddProducts } from './matrix-products';
import { NormalEquations } from './normal-equations';
import { windowTaps, writePatch } from './patches';
import type { RecoveryStep } from './steps';
import { positionAt, viewsOf, type LaidOut } from './window-views';

/** Samples whose patches are gathered before they are added to the sums. */
const gathered = 512;

/** Patches that are turned together: eight numbers of a row fill a line of the cache. A divisor of the samples gathered. */
const turned = 8;

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
  /** Of the samples pending, those at the end that `fixedPatches` still holds. */
  private unturned = 0;
  /** `[groups, turned, unknowns]`. */
  private readonly fixedPatches: Float64Array;
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
    this.fixedPatches = new Float64Array(groups * unknowns * turned);
  }

  /** Adds positions of one sample. @param positions flat places in the layer's output; drawn by the caller */
  async add(original: LaidOut, fixed: LaidOut, sample: number, draw: (positions: number) => readonly number[]): Promise<void> {
    const views = viewsOf(this.step, original, fixed, sample);
    const { groups, unknowns } = this.step.linear;
    for (const place of draw(views.positions)) {
      const position = positionAt(views, place);
      const seen = windowTaps(views.fixed.source, views.fixed.window, position);
      const seenBefore = windowTaps(views.original.source, views.original.window, position);
      for (let group = 0; group < groups; group++) {
        const channels = views.fixed.source.channels / groups;
        const range = { first: group * channels, count: channels };
        const patch = { data: this.fixedPatches, offset: (group * turned + this.unturned) * unknowns };
        writePatch(patch, views.fixed.source, seen, range);
        const answer = { data: this.originals, offset: (group * gathered + this.pending) * unknowns };
        writePatch(answer, views.original.source, seenBefore, range);
      }
      this.pending += 1;
      this.unturned += 1;
      if (this.unturned === turned) this.turn();
      if (this.pending === gathered) await this.flush();
    }
  }

  /** Writes patches as columns of the inputs. */
  private turn(): void {
    const { unknowns } = this.step.linear;
    const [count, first] = [this.unturned, this.pending - this.unturned];
    this.unturned = 0;
    for (const [group, input] of this.inputs.entries()) {
      const start = group * turned * unknowns;
      for (let unknown = 0; unknown < unknowns; unknown++) {
        const place = unknown * gathered + first;
        for (let sample = 0; sample < count; sample++) input[place + sample] = this.fixedPatches[start + sample * unknowns + unknown] ?? 0;
      }
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
    this.turn();
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
