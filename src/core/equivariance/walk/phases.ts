import type { AxisPair } from '../../graph/model-graph';
import { wrapIndex } from '../../graph/circle';
import { latticeSize } from '../plan/tail-step';

/** A shift of the image in pixels, within the period of its level. */
export type Phase = AxisPair;

/** The unshifted image. */
export const noShift: Phase = [0, 0];

/** Row-major index of a phase among those of its period. */
export function phaseIndex(phase: Phase, period: AxisPair): number {
  return phase[0] * period[1] + phase[1];
}

/** Row-major index of a phase among those of its period that lie `step` pixels apart; undefined for one between them. */
export function latticeIndex(phase: Phase, period: AxisPair, step: AxisPair): number | undefined {
  if (phase[0] % step[0] !== 0 || phase[1] % step[1] !== 0) return undefined;
  return phaseIndex([phase[0] / step[0], phase[1] / step[1]], latticeSize(period, step));
}

/** The phase that an image shifted by any whole number of pixels, in either direction, belongs to. */
export function shiftedPhase(shift: AxisPair, period: AxisPair): Phase {
  return [wrapIndex(shift[0], period[0]), wrapIndex(shift[1], period[1])];
}

/**
 * How far a map with these strides rolls from one phase to another, in whole samples. Only the stride of a map of a single row or column
 * need not divide the way; rolling that by any number changes nothing.
 */
export function samplesBetween(from: Phase, to: Phase, stride: AxisPair): AxisPair {
  return [Math.round((to[0] - from[0]) / stride[0]), Math.round((to[1] - from[1]) / stride[1])];
}

/** The phase of an earlier level that a phase descends from. */
export function ancestor(phase: Phase, period: AxisPair): Phase {
  return [phase[0] % period[0], phase[1] % period[1]];
}

/**
 * Phases of a level whose period is a multiple of the parents': every parent plus every multiple of the parents' period.
 * The unshifted phase, where it is among them, comes first.
 */
export function childPhases(parents: readonly Phase[], parentPeriod: AxisPair, period: AxisPair): readonly Phase[] {
  const phases: Phase[] = [];
  for (let down = 0; down < period[0]; down += parentPeriod[0]) {
    for (let right = 0; right < period[1]; right += parentPeriod[1]) {
      for (const parent of parents) phases.push([parent[0] + down, parent[1] + right]);
    }
  }
  return phases;
}
