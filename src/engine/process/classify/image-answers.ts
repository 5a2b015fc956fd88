import { largestShift } from '../../../core/consistency/shift-pairs';
import type { CancellationProbe } from '../../../core/equivariance/walk/circular-model';
import { requireFinite } from '../../../core/equivariance/measure/meaningless';
import { joinBatches } from '../../../core/equivariance/measure/deployed';
import { feedsOf } from '../../../core/equivariance/plan/planned-input';
import { shiftedPhase, type Phase } from '../../../core/equivariance/walk/phases';
import { measureTogether } from '../../../core/equivariance/walk/polyphase';
import type { Branch, WalkedModel } from '../../../core/equivariance/walk/walked-model';
import type { AxisPair } from '../../../core/graph/model-graph';
import { cropOf } from '../../input/input';
import { toBatch } from '../../input/planes';
import type { Plane } from '../../input/resample';
import { nextTurn } from '../next-turn';

/** A model's scores for a shift of one image, one of those that were asked for. */
export type Scores = (shift: AxisPair) => Float32Array;

/** Scores of one or more models for the wanted shifts of an image; undefined where it was cancelled. @throws NotFiniteError */
export type Answers = (planes: readonly Plane[], shifts: readonly AxisPair[]) => Promise<readonly Scores[] | undefined>;

/** The circular protocol, in one walk for all models whose plans have an output: the image rolls. */
export function rolledAnswers(
  { trunk, branches }: { readonly trunk: WalkedModel; readonly branches: readonly Branch[] },
  memoryBudgetBytes: number,
  cancellation: CancellationProbe,
): Answers {
  return async (planes, shifts) => {
    const input = toBatch(planes, trunk.graph.layout);
    const given = new Map<WalkedModel, Scores>();
    const heard = <T extends WalkedModel>(walked: T): T => {
      const scores = new Map<string, Float32Array>();
      let repeats: AxisPair = [1, 1];
      const onOutput = (phase: Phase, period: AxisPair, output: Float32Array): void => {
        requireFinite(output, input, 'circular');
        repeats = period;
        scores.set(phase.join(), output.slice());
      };
      if (walked.plan.output.ok) given.set(walked, (shift) => scores.get(shiftedPhase(shift, repeats).join()) ?? new Float32Array());
      return { ...walked, onOutput };
    };
    const options = { metric: 'flat', memoryBudgetBytes, cancellation, pause: nextTurn, shifts } as const;
    const measured = await measureTogether(heard(trunk), branches.map(heard), input, options);
    return measured && [...given.values()];
  };
}

/** Crops run together; enough for the runtime, little enough to cancel between. */
const cropsPerRun = 8;

/** The deployed protocol: crops of a larger canvas. */
export function croppedAnswers({ plan, graph, model }: WalkedModel, cancellation: CancellationProbe): Answers {
  const { size } = plan.input;
  const margin = largestShift(size);
  return async (planes, shifts) => {
    const scores = new Map<string, Float32Array>();
    for (let start = 0; start < shifts.length; start += cropsPerRun) {
      await nextTurn();
      if (cancellation.cancelled) return undefined;
      const run = shifts.slice(start, start + cropsPerRun);
      const crops = run.map((shift) => cropOf(planes, { ...plan.input, layout: graph.layout }, margin, shift));
      const images = joinBatches(crops);
      const fetched = await model.runLevel(0, feedsOf(plan.input, images, graph.layout));
      const [{ data } = { data: new Float32Array() }] = fetched.values();
      requireFinite(data, images, 'deployed');
      const values = data.length / run.length;
      for (const [index, shift] of run.entries()) scores.set(shift.join(), data.slice(index * values, (index + 1) * values));
    }
    return [(shift) => scores.get(shift.join()) ?? new Float32Array()];
  };
}
