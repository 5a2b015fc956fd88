import type { BlurPadding } from '../../../core/rewrite/plan';
import type { RunMaterial } from '../runs/material';
import type { ReportOutcome } from './study';

/** What a study of fixed copies came to, with what is not in its report and is needed to make the same copy of the model itself. */
export interface FixedCopiesOutcome<Report> extends ReportOutcome<Report> {
  readonly border: BlurPadding;
}

/** What copies are asked to have beside the maps that they blur. */
export function borderOf({ settings: { plan } }: Pick<RunMaterial, 'settings'>): BlurPadding {
  return plan.padding ?? 'reflect';
}
