import { t } from '@vscode/l10n';
import { inputShape, type OperatorCall, type OperatorResult } from '../call';
import type { OnnxOperator } from '../operator';
import { elementwise } from './elementwise';
import { mixing } from './normalisation';
import { pointwise } from './pointwise';

/** What ONNX Runtime makes of a model that it optimises. */
export const runtimeOperators: readonly OnnxOperator[] = [
  { names: ['QuickGelu'], domains: ['com.microsoft'], infer: pointwise('activation') },
  { names: ['BiasGelu', 'FastGelu'], domains: ['com.microsoft'], infer: elementwise('activation') },
  {
    names: ['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization'],
    domains: ['com.microsoft'],
    infer: skipNormalisation,
  },
  { names: ['MultiHeadAttention', 'GroupQueryAttention', 'PackedAttention'], domains: ['com.microsoft'], infer: mixing },
  {
    names: ['NhwcMaxPool', 'NhwcConv', 'NhwcFusedConv', 'GroupNorm', 'SkipGroupNorm'],
    domains: ['com.microsoft'],
    infer: forOneMachine,
  },
  {
    names: ['ReorderInput', 'ReorderOutput', 'Conv', 'MaxPool', 'AveragePool', 'GlobalMaxPool', 'GlobalAveragePool', 'Upsample'],
    domains: ['com.microsoft.nchwc'],
    infer: forOneMachine,
  },
];

/** SkipLayerNormalization: two maps are added and the last axis is normalised. */
function skipNormalisation(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const kind = call.layout === 'channels-last' ? 'merge' : 'positional';
  return { operation: { kind }, shapes: [shape, undefined, undefined, shape] };
}

/** Operators that keep channels last, or in blocks. */
function forOneMachine({ node }: OperatorCall): OperatorResult {
  const reason = t`${node.opType} is what ONNX Runtime makes of a model for one machine: judge the model before its optimisation`;
  return { operation: { kind: 'opaque', reason, compiled: true }, shapes: [] };
}
