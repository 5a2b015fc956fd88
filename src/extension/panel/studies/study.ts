import type { EngineClient } from '../../../engine/host/client';
import type { StudyMessages, StudyName } from '../../../panel-protocol/studies/table';
import type { RunMaterial } from '../runs/material';
import type { RunProgress } from '../runs/progress';

/** What a run came to: shown, kept and exported. Plain data, since it is kept on disk. */
export interface StudyOutcome {
  /** Which runtime ran. */
  readonly backend: string;
}

/** The outcome of a study whose report is all of it. */
export interface ReportOutcome<Report> extends StudyOutcome {
  readonly report: Report;
}

/**
 * Something a user can ask of a model: what it runs with, what it shows and what it exports.
 * An outcome is only ever given back to the study that it came from.
 */
export interface Study<Name extends StudyName = StudyName, Outcome extends StudyOutcome = StudyOutcome> {
  readonly name: Name;
  /** The command of the command line that does the same; exported files are named after it. */
  readonly command: string;
  /** What a message calls the outcome. */
  readonly outcomeNoun: 'measurement' | 'result';
  /** Whether it runs over the chosen folder of images. */
  readonly images: 'unused' | 'optional' | 'required';

  /** What an outcome depends on beyond the model, the preprocessing and the size of the image. */
  dependencies(material: Pick<RunMaterial, 'digests' | 'settings' | 'choices'>): readonly unknown[];
  /** @throws ModelError, EngineError */
  run(material: RunMaterial, progress: RunProgress): Promise<Outcome>;
  /** What a page has to be told to show an outcome. */
  messages(outcome: Outcome): readonly StudyMessages[Name][];
  /** Everything, as the command line prints it in JSON. @param model how it is called in a report */
  report(outcome: Outcome, model: string): unknown;
  /** A table for spreadsheets. */
  csv(outcome: Outcome, model: string): string;
  /** Writes its maps as arrays and pictures, where it has any; the files written. @throws EngineError */
  writeMaps?(outcome: Outcome, engine: EngineClient, folder: string, mayReplace: boolean): Promise<readonly string[]>;
}
