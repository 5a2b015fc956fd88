import { t } from '@vscode/l10n';
import { labelOf } from '../../../core/graph/layer-labels';
import { ModelError } from '../../../core/model-error';
import type { ReadModel } from '../../input/read-model';

/**
 * Refuses a graph-model whose windows slide over maps with the channels first: of the backends here none has such kernels. Layers-models
 * transpose such maps by themselves. @throws ModelError `unsupported`
 */
export function requireChannelsLast({ graph, payload }: ReadModel): void {
  if (graph.format !== 'tfjs-graph' || graph.layout !== 'channels-first') return;
  const layer = graph.layers.find(({ operation }) => 'window' in operation);
  if (layer === undefined) return;
  throw new ModelError(
    'unsupported',
    t`Layer "${labelOf(layer)}" (${layer.op}) of "${payload.path}" works on maps with the channels first (NCHW), for which no backend of TensorFlow.js that Shiftlint uses has kernels: convert the model with the channels last (NHWC) to measure it.`,
  );
}
