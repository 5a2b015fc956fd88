import type { InferenceSession } from 'onnxruntime-node';
import { ModelError } from '../../../core/model-error';
import type { ReadModel } from '../../input/read-model';

/** Only failures that end the process are logged; all others reach the user as errors. */
const fatalOnly = 4;

/**
 * Options for a session whose weights lie in the given files. The native runtime reads them from the model's folder;
 * unsaved files, and all files for the WASM build, are handed over in memory.
 * @throws ModelError `outside-folder`, `missing-weights`
 */
export async function sessionOptions(
  { payload: model, opened: { source } }: ReadModel,
  externalLocations: readonly string[],
  readsFolders: boolean,
): Promise<InferenceSession.SessionOptions> {
  // Idle threads of one level's session must not spin while another level runs: that more than doubles the time of a pass.
  const extra = { session: { intra_op: { allow_spinning: '0' } } };
  const base: InferenceSession.SessionOptions = {
    logSeverityLevel: fatalOnly,
    graphOptimizationLevel: 'all',
    // An arena would keep the memory of every level's largest batch: half as much again, for no measurable gain in speed.
    enableCpuMemArena: false,
    extra,
  };
  if (externalLocations.length === 0) return base;
  for (const location of externalLocations) {
    if ((await source.siblingSize(location)) === undefined) {
      throw new ModelError(
        'missing-weights',
        `"${model.path}" keeps weights in "${location}", which is not beside it: copy that file into the model's folder.`,
      );
    }
  }
  const unsaved = externalLocations.some((location) => location in model.overlay);
  if (readsFolders && !unsaved) {
    return { ...base, extra: { session: { ...extra.session, model_external_initializers_file_folder_path: model.folder } } };
  }
  const externalData = [];
  for (const path of externalLocations) {
    const data = await source.readSibling(path);
    if (data !== undefined) externalData.push({ path, data });
  }
  return { ...base, externalData };
}
