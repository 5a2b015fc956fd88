import { spatialAxes } from './layout';
import type { Layer, Shape } from './model-graph';
import type { Neighbours, Rearrangement, SliceCut } from './rearrangement';

/** One operand of a Concat: which samples of the source it holds. */
interface Phase {
  readonly source: string;
  readonly start: readonly number[];
  readonly step: readonly number[];
  /** The slices on the way. */
  readonly steps: readonly Layer[];
}

/** Slices in a row that are followed: one an axis in what PyTorch exports. */
const depthLimit = 4;

/**
 * A Concat of all s*s phases of one tensor, each cut out by strided slices: nothing is dropped. Where the phases become
 * channels of a map this is a space-to-depth; where the axes are not those of a map, all that is known is that they mix.
 */
export function phaseGroup(neighbours: Neighbours, slices: ReadonlyMap<string, SliceCut>, last: Layer): Rearrangement | undefined {
  const [first, ...others] = last.inputs.map((tensor) => phaseOf(neighbours, slices, tensor));
  if (first === undefined || first.steps.length === 0) return undefined;
  const phases = [first, ...others];
  if (!isComplete(phases, neighbours.shape(first.source))) return undefined;
  const steps = [...new Set(phases.flatMap((phase) => phase?.steps ?? []))];
  const members = new Set([last, ...steps]);
  const isClosed = steps.every((step) => step.outputs.every((tensor) => neighbours.readers(tensor).every((reader) => members.has(reader))));
  if (!isClosed) return undefined;
  const positions = spatialAxes(neighbours.layout(first.source), first.step.length);
  const movesPositions = last.operation.kind === 'merge' && first.step.every((step, axis) => step === 1 || positions.includes(axis));
  if (!movesPositions) return { last, operation: { kind: 'positional' }, steps, stepOperation: { kind: 'positional' } };
  const block = positions.map((axis) => first.step[axis] ?? 1);
  return { last, operation: { kind: 'space-to-depth', block }, steps, stepOperation: { kind: 'channelwise' } };
}

/** Follows slices up; of two in a row the later one counts in the steps of the earlier. */
function phaseOf(neighbours: Neighbours, slices: ReadonlyMap<string, SliceCut>, tensor: string): Phase | undefined {
  let current = tensor;
  let start: readonly number[] | undefined;
  let step: readonly number[] | undefined;
  const steps: Layer[] = [];
  for (let depth = 0; depth < depthLimit; depth++) {
    const cut = slices.get(current);
    const producer = neighbours.producer(current);
    const input = producer?.inputs[0];
    if (cut === undefined || producer === undefined || input === undefined) break;
    start = cut.start.map((first, axis) => first + (cut.step[axis] ?? 1) * (start?.[axis] ?? 0));
    step = cut.step.map((length, axis) => length * (step?.[axis] ?? 1));
    steps.push(producer);
    current = input;
  }
  return start === undefined || step === undefined ? undefined : { source: current, start, step, steps };
}

/** True where the phases are all different, of one tensor, as many as the steps have, and equally long. */
function isComplete(phases: readonly (Phase | undefined)[], shape: Shape): boolean {
  const [first] = phases;
  if (first === undefined) return false;
  const count = first.step.reduce((product, step) => product * step, 1);
  const divides = first.step.every((step, axis) => (shape?.[axis] ?? 0) % step === 0);
  const starts = new Set(phases.map((phase) => phase?.start.join()));
  const alike = phases.every((phase) => phase?.source === first.source && phase.step.join() === first.step.join());
  return count > 1 && divides && alike && phases.length === count && starts.size === count;
}
