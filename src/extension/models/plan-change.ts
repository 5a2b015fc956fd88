import type { FixRequest } from '../../core/lint/select-plans';
import { blurFilter } from '../../core/rewrite/filters';
import type { ModelReader } from '../../engine/host/model-reader';
import type { PlannedChange } from '../../engine/protocol/reading';
import type { BlurChoice } from '../../panel-protocol/fixes';
import type { JudgedModel } from './analysis';
import { readableModel } from './readable';

/**
 * The change of a model by the plans of its own findings. Nothing is written; it must be applied to nothing but this model.
 *
 * @param blur another than its findings were judged with; none for that one
 * @throws ModelError
 */
export function planChange(reader: ModelReader, model: JudgedModel, fixes: FixRequest, blur?: BlurChoice): Promise<PlannedChange> {
  return reader.ask('fix', readableModel(model), { lint: blur === undefined ? model.lint : withBlur(model.lint, blur), fixes });
}

function withBlur(lint: JudgedModel['lint'], { filter, border }: BlurChoice): JudgedModel['lint'] {
  return { ...lint, filter: blurFilter(filter), plan: { ...lint.plan, padding: border } };
}
