import type { FixRequest } from '../../core/lint/select-plans';
import type { ModelReader } from '../../engine/host/model-reader';
import type { PlannedChange } from '../../engine/protocol/reading';
import { settingsFor } from '../settings/settings';
import { lintOptions, type JudgedModel } from './analysis';
import { readableModel } from './readable';

/**
 * The change of a model by the plans of its own findings. Nothing is written; it must be applied to nothing but this model.
 * @throws ModelError
 */
export function planChange(reader: ModelReader, model: JudgedModel, fixes: FixRequest): Promise<PlannedChange> {
  return reader.ask('fix', readableModel(model), { lint: lintOptions(settingsFor(model.uri)), fixes });
}
