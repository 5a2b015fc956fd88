import { t } from '@vscode/l10n';
import type { OpenedModel } from '../../../core/formats/format';
import type { Layer, Operation, Padding, Window } from '../../../core/graph/model-graph';
import { shapeText } from '../../../core/graph/shapes';
import type { LayerFacts } from '../../../core/report/layer-facts';

/** Tensors of one layer that are told; more are of no use to a reader. */
const mostTensors = 32;

/** What is known of a layer without reading its weights; null for one that the model does not have. */
export function layerFacts(model: OpenedModel, name: string): LayerFacts | null {
  const layer = model.flow.layer(name);
  if (layer === undefined) return null;
  const tensors = (names: readonly string[]): LayerFacts['inputs'] =>
    names.slice(0, mostTensors).map((tensor) => ({ name: tensor, shape: shapeText(model.graph.tensors.get(tensor)?.shape) }));
  return {
    layer: name,
    attributes: attributesOf(layer),
    inputs: tensors(layer.inputs),
    outputs: tensors(layer.outputs),
  };
}

function attributesOf({ operation, origin, module }: Layer): LayerFacts['attributes'] {
  const rows: [string, string | undefined][] = [
    ...('window' in operation ? windowAttributes(operation.window) : []),
    ...operationAttributes(operation),
    [t('Module'), module],
    [t('Source'), origin?.file === undefined ? undefined : `${origin.file}${origin.line === undefined ? '' : `:${origin.line}`}`],
  ];
  return rows.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [{ name, text }]));
}

function windowAttributes({ kernel, stride, dilation, padding, ceilMode }: Window): [string, string | undefined][] {
  return [
    [t('Kernel'), kernel.join(' × ')],
    [t('Stride'), stride.join(' × ')],
    [t('Dilation'), dilation.some((step) => step !== 1) ? dilation.join(' × ') : undefined],
    [t('Padding'), paddingText(padding)],
    [t('Length'), ceilMode ? t('rounded up') : undefined],
  ];
}

function paddingText(padding: Padding): string {
  switch (padding.kind) {
    case 'explicit':
      return t`${padding.begin.join(', ')} before; ${padding.end.join(', ')} after`;
    case 'valid':
      return t('none');
    case 'same-upper':
      return t('same, the odd sample after');
    case 'same-lower':
      return t('same, the odd sample before');
  }
}

function operationAttributes(operation: Operation): [string, string | undefined][] {
  switch (operation.kind) {
    case 'convolution': {
      const { groups, inChannels, outChannels, activation } = operation;
      const channels = inChannels === null || outChannels === null ? undefined : t`${inChannels} to ${outChannels}`;
      return [
        [t('Channels'), channels],
        [t('Groups'), groups === 1 ? undefined : `${groups}`],
        [t('Activation'), activation ?? undefined],
      ];
    }
    case 'resize':
      return [
        [t('Mode'), operation.mode],
        [t('Antialias'), operation.antialias === true ? t('yes') : undefined],
      ];
    case 'pad':
      return [
        [t('Mode'), operation.mode],
        [t('Padding'), t`${operation.begin.join(', ')} before; ${operation.end.join(', ')} after`],
      ];
    case 'slice':
      return [[t('Stride'), operation.stride.join(' × ')]];
    case 'space-to-depth':
      return [[t('Block'), operation.block.join(' × ')]];
    case 'opaque':
      return [[t('Not judged'), operation.reason]];
    default:
      return [];
  }
}
