import { t } from '@vscode/l10n';
import { inputShape, opaque, positional, type OperatorCall, type OperatorResult } from '../call';
import type { GraphOperator } from '../operator';

/** Operators that read or write wherever their other inputs say, and those that mix positions in an order of their own. */
export const selections: readonly GraphOperator[] = [
  {
    names: ['Cumprod', 'Cumsum', 'Reverse', 'ReverseV2', 'MatrixBandPart', 'ScatterNd', 'TensorScatterUpdate', 'SparseToDense'],
    infer: mixing,
  },
  { names: ['GatherNd', 'Where', 'Unique', 'UniqueV2', 'OneHot'], infer: () => positional() },
  { names: ['CropAndResize', 'ImageProjectiveTransformV3'], infer: elsewhere },
  { names: ['NonMaxSuppressionV2', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4', 'NonMaxSuppressionV5'], infer: elsewhere },
];

/** The shape of the first input, with positions of its own. */
function mixing(call: OperatorCall): OperatorResult {
  return positional(inputShape(call, 0));
}

function elsewhere(): OperatorResult {
  return opaque(t('it reads at places that are computed while the model runs'));
}
