import { t } from '@vscode/l10n';
import type { GraphRule } from './rule';

/** A model that a runtime has optimised for one kind of machine: whatever subsamples there cannot be seen. Told once a model. */
export const compiledModel = {
  id: 'compiled-model',
  defaultSeverity: 'warning',
  summary: t('Model compiled for one machine, whose layers cannot be judged.'),
  concerns: (layer, { graph }) => isCompiled(layer) && graph.layers.find(isCompiled) === layer,
  detail: (_, { graph }) => `${graph.layers.filter(isCompiled).length}`,
  message: ({ title, detail = '1' }) =>
    t`${title} is the first of ${detail} layers that a runtime has compiled for one kind of machine, whose strides and weights cannot be judged, fixed or measured. Lint the model that was compiled: the file before ONNX Runtime saved its optimised copy.`,
} as const satisfies GraphRule;

function isCompiled({ operation }: Parameters<GraphRule['concerns']>[0]): boolean {
  return operation.kind === 'opaque' && operation.compiled === true;
}
