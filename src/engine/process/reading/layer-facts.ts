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
    ['Module', module],
    ['Source', origin?.file === undefined ? undefined : `${origin.file}${origin.line === undefined ? '' : `:${origin.line}`}`],
  ];
  return rows.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [{ name, text }]));
}

function windowAttributes({ kernel, stride, dilation, padding, ceilMode }: Window): [string, string | undefined][] {
  return [
    ['Kernel', kernel.join(' × ')],
    ['Stride', stride.join(' × ')],
    ['Dilation', dilation.some((step) => step !== 1) ? dilation.join(' × ') : undefined],
    ['Padding', paddingText(padding)],
    ['Length', ceilMode ? 'rounded up' : undefined],
  ];
}

function paddingText(padding: Padding): string {
  switch (padding.kind) {
    case 'explicit':
      return `${padding.begin.join(', ')} before; ${padding.end.join(', ')} after`;
    case 'valid':
      return 'none';
    case 'same-upper':
      return 'same, the odd sample after';
    case 'same-lower':
      return 'same, the odd sample before';
  }
}

function operationAttributes(operation: Operation): [string, string | undefined][] {
  switch (operation.kind) {
    case 'convolution': {
      const { groups, inChannels, outChannels, activation } = operation;
      const channels = inChannels === null || outChannels === null ? undefined : `${inChannels} to ${outChannels}`;
      return [
        ['Channels', channels],
        ['Groups', groups === 1 ? undefined : `${groups}`],
        ['Activation', activation ?? undefined],
      ];
    }
    case 'resize':
      return [
        ['Mode', operation.mode],
        ['Antialias', operation.antialias === true ? 'yes' : undefined],
      ];
    case 'pad':
      return [
        ['Mode', operation.mode],
        ['Padding', `${operation.begin.join(', ')} before; ${operation.end.join(', ')} after`],
      ];
    case 'slice':
      return [['Stride', operation.stride.join(' × ')]];
    case 'space-to-depth':
      return [['Block', operation.block.join(' × ')]];
    case 'opaque':
      return [['Not judged', operation.reason]];
    default:
      return [];
  }
}
