import type { ShownOutcome } from '../runs/study-runs';
import type { StudyOutcome } from '../studies/study';

/** What a study came to of a model before a fix, to be shown beside what it comes to of the fixed one. */
export class FormerRun {
  private kept: ShownOutcome | undefined;

  /** A fix is about to be made. @param shown what was measured of the model as it still is; where nothing was, an earlier one stays */
  keep(shown: ShownOutcome | undefined): void {
    this.kept = shown ?? this.kept;
  }

  /** The former outcome beside one: of another model, on the same input with the same options; undefined for none. */
  beside(shown: Pick<ShownOutcome, 'key' | 'alike'> | undefined): StudyOutcome | undefined {
    return this.kept !== undefined && shown?.alike === this.kept.alike && shown.key !== this.kept.key ? this.kept.outcome : undefined;
  }
}
