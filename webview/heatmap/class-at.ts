import { t } from '@vscode/l10n';
import type { ClassMapView, ScoreMeaning } from '../../src/panel-protocol/studies/equivariance';
import type { Shift } from './reading';

/** What a classifier says of the image at one shift. */
export interface ClassReading {
  readonly label: number;
  /** The class by its name, else by its number. */
  readonly text: string;
  /** How sure the model is of it, 0 to 1. */
  readonly score: number;
}

/** The class at a shift and how sure the model is of it. */
export function classAt(view: ClassMapView, shift: Shift): ClassReading {
  const label = labelAt(view, shift);
  return { label, text: className(view, label), score: view.scores.top[placeAt(view, shift)] ?? Number.NaN };
}

/** How sure the model is, at a shift, of the class that the unshifted image gets. */
export function unshiftedScoreAt(view: ClassMapView, shift: Shift): number {
  return view.scores.unshifted[placeAt(view, shift)] ?? Number.NaN;
}

/** The number of the class at a shift. */
export function labelAt(view: ClassMapView, shift: Shift): number {
  return view.classes[placeAt(view, shift)] ?? -1;
}

/** The map repeats. Where only some shifts were run, the nearest of them before it counts. */
function placeAt({ period, step }: ClassMapView, { dy, dx }: Shift): number {
  const columns = Math.ceil(period[1] / step[1]);
  return Math.floor((dy % period[0]) / step[0]) * columns + Math.floor((dx % period[1]) / step[1]);
}

/** A class by its name, else by its number. */
export function className({ shares }: Pick<ClassMapView, 'shares'>, label: number): string {
  return shares.find((share) => share.label === label)?.name ?? t`class ${label}`;
}

/** What the numbers are called. */
export const scoreNouns: Readonly<Record<ScoreMeaning, string>> = {
  probability: t`probability`,
  share: t`score`,
  softmax: t`softmax of the score`,
};
