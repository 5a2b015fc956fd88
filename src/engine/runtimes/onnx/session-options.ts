import type { InferenceSession } from 'onnxruntime-node';
import { engineSettings } from '../../protocol/engine-settings';
import type { ReadModel } from '../../input/read-model';
import { someLeaveFolder } from '../../input/source';
import type { LoadedRuntime } from './runtime';

/** Only failures that end the process are logged; all others reach the user as errors. */
const fatalOnly = 4;

/**
 * Options for a session whose weights lie in the given files. The native runtime reads them from the model's folder;
 * unsaved files, those that links lead to elsewhere, and all files for the WASM build, are handed over in memory.
 * @throws ModelError `outside-folder`
 */
export async function sessionOptions(
  { payload: model, opened: { source } }: ReadModel,
  externalLocations: readonly string[],
  { readsFolders, provider }: Pick<LoadedRuntime, 'readsFolders' | 'provider'>,
): Promise<InferenceSession.SessionOptions> {
  // Idle threads of one level's session must not spin while another level runs: that more than doubles the time of a pass.
  const extra = { session: { intra_op: { allow_spinning: '0' } } };
  const { threads } = engineSettings();
  const base: InferenceSession.SessionOptions = {
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    logSeverityLevel: fatalOnly,
    graphOptimizationLevel: 'all',
    // An arena would keep the memory of every level's largest batch: half as much again, for no measurable gain in speed.
    enableCpuMemArena: false,
    extra,
    ...(provider !== undefined && { executionProviders: [provider] }),
  };
  if (externalLocations.length === 0) return base;
  const unsaved = externalLocations.some((location) => location in model.overlay);
  // The native runtime opens nothing outside the folder, wherever links may lead.
  if (readsFolders && !unsaved && !(await someLeaveFolder(model, externalLocations))) {
    return { ...base, extra: { session: { ...extra.session, model_external_initializers_file_folder_path: model.folder } } };
  }
  const externalData = [];
  for (const path of externalLocations) {
    const data = await source.readSibling(path);
    if (data !== undefined) externalData.push({ path, data });
  }
  return { ...base, externalData };
}
