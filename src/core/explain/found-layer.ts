import { isBlurFilterName, type BlurFilter, type BlurFilterName } from '../rewrite/filters';
import { rules, type RuleId } from '../rules/registry';
import { textbookLayer, type ExplainedLayer } from './explained-layer';

/** What a finding tells of its layer: sizes per axis, null where they are unknown. */
export interface FoundLayer {
  readonly rule: RuleId;
  readonly label: string;
  readonly kernel: readonly (number | null)[];
  readonly stride: readonly (number | null)[];
  /** What its fix inserts; undefined where it has none. */
  readonly filter: Pick<BlurFilter, 'name'> | undefined;
}

/** The widest that is offered stands for those that are only fitted to wide strides. */
const widest: BlurFilterName = 'bin-7';

/** The layer of a finding along the axis where its stride is largest; what is not known is taken from the textbook. */
export function explainedFinding({ rule, label, kernel, stride, filter }: FoundLayer): ExplainedLayer {
  const step = rules[rule].denseStep ?? textbookLayer.step;
  const largest = Math.max(...stride.map((size) => size ?? 0));
  const axis = stride.findIndex((size) => size === largest);
  return {
    rule,
    label,
    step,
    kernel: step === 'nothing' ? 1 : (kernel[axis] ?? textbookLayer.kernel),
    stride: stride[axis] ?? textbookLayer.stride,
    filter: filter === undefined ? 'identity' : isBlurFilterName(filter.name) ? filter.name : widest,
  };
}
