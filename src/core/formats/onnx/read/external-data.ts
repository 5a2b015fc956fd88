import type { ModelSource } from '../../format';
import type { ModelError } from '../../../model-error';
import { missingWeights } from '../../missing-weights';
import { isStoragePointer } from '../../storage-pointer';
import type { OnnxModel, OnnxTensor } from '../wire/proto';

/** The files beside a model that hold its weights. */
export interface ExternalData {
  readonly locations: readonly string[];
  /** Says which of them are not there; undefined where all are. */
  readonly missing: ModelError | undefined;
}

/** Names the files that hold the model's weights, and looks for them; no more is read of them. @throws ModelError `outside-folder` */
export async function externalData(model: OnnxModel, source: ModelSource): Promise<ExternalData> {
  const missing: string[] = [];
  for (const location of model.weightFiles) {
    const size = await source.siblingSize(location);
    if (size === undefined || (await isStoragePointer(size, (length) => source.readSiblingRange(location, 0, length))))
      missing.push(location);
  }
  return { locations: model.weightFiles, missing: missing.length === 0 ? undefined : missingWeights(source.path, missing) };
}

/** Where a tensor's values stand in a file beside the model; undefined where they are inside, or the entry is broken. */
export function externalPlace({ external }: OnnxTensor): { readonly location: string; readonly offset: number } | undefined {
  const location = external?.get('location');
  const offset = Number(external?.get('offset') ?? 0);
  return location === undefined || !Number.isSafeInteger(offset) || offset < 0 ? undefined : { location, offset };
}
