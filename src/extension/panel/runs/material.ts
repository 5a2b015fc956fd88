import type * as vscode from 'vscode';
import type { OfferedFilter } from '../../../core/rewrite/filters';
import type { Finding } from '../../../core/rules/finding';
import type { EngineClient } from '../../../engine/host/client';
import type { PlacedModel } from '../../../engine/host/placed-model';
import type { ImageFile } from '../../../engine/protocol/classifying';
import type { InputSpec } from '../../../engine/protocol/payload';
import type { ImageFacts } from '../../../engine/protocol/reading';
import type { StudyChoices } from '../../../panel-protocol/inputs';
import type { Settings } from '../../settings/settings';
import { folderDigest, imageDigest, inputOf } from '../inputs/files';
import type { StudyInputs } from '../inputs/memory';

/** A model as it was at one moment. */
export interface StudiedModel extends PlacedModel {
  /** Its findings with fixes that take a filter. @throws ModelError */
  findings(filter: OfferedFilter): Promise<readonly Finding[]>;
  /** SHA-256 of its files. @throws ModelError */
  digest(): Promise<string>;
}

/** What is known of a model's input without running it. */
export interface InputFacts extends Pick<PlacedModel, 'preprocessing'> {
  readonly image: ImageFacts | null;
}

/** The model that a panel shows; what it answers is taken as it is at that moment, saved or not. */
export interface StudyTarget {
  readonly uri: vscode.Uri;
  /** @throws ModelError where it cannot be read */
  model(): Promise<StudiedModel>;
  /** Its input as last judged; undefined where it cannot be read. */
  facts(): InputFacts | undefined;
  settings(): Settings;
}

/** Everything that a run works on, as it is when the run starts. */
export interface RunMaterial {
  readonly engine: EngineClient;
  readonly model: StudiedModel;
  /** SHA-256 of what a run reads. */
  readonly digests: { readonly model: string; readonly image: string; readonly folder: string };
  readonly settings: Settings;
  readonly choices: StudyChoices;
  readonly input: InputSpec;
  readonly images: readonly ImageFile[];
}

/** Gathers it. @throws ModelError, vscode.FileSystemError where the model or the image cannot be read */
export async function gatherMaterial(
  target: StudyTarget,
  inputs: StudyInputs,
  engine: EngineClient,
  images: readonly ImageFile[],
): Promise<RunMaterial> {
  const model = await target.model();
  const digest = await model.digest();
  const input = await inputOf(inputs);
  const digests = { model: digest, image: imageDigest(input), folder: await folderDigest(images) };
  return { engine, model, digests, settings: target.settings(), choices: inputs.choices, input, images };
}
