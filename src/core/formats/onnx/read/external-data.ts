import type { ModelSource } from '../../format';
import { ModelError } from '../../../model-error';
import type { OnnxModel, OnnxTensor } from '../wire/proto';

/**
 * Makes sure that the files which hold the model's weights lie beside it, and names them. Their bytes are not read.
 * @throws ModelError `outside-folder` or `missing-weights`
 */
export async function requireExternalData(model: OnnxModel, source: ModelSource): Promise<readonly string[]> {
  for (const location of model.weightFiles) {
    if ((await source.siblingSize(location)) === undefined) {
      throw new ModelError(
        'missing-weights',
        `"${source.path}" keeps weights in "${location}", which is not beside it: copy that file into the model's folder.`,
      );
    }
  }
  return model.weightFiles;
}

/** Where a tensor's values stand in a file beside the model; undefined where they are inside, or the entry is broken. */
export function externalPlace({ external }: OnnxTensor): { readonly location: string; readonly offset: number } | undefined {
  const location = external?.get('location');
  const offset = Number(external?.get('offset') ?? 0);
  return location === undefined || !Number.isSafeInteger(offset) || offset < 0 ? undefined : { location, offset };
}
