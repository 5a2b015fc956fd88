import { t } from '@vscode/l10n';
import type { Dataflow } from '../../../graph/dataflow';
import type { Layer } from '../../../graph/model-graph';
import { unsolvableKind, type UnsolvableLayer } from '../../../recover/linear-layer';
import { stringAt } from '../../tfjs/json';
import type { WeightSlices } from '../../tfjs/weight-slices';
import type { KernelForm } from '../../tfjs/weights/kernel-form';
import { linearLayer, type BiasWeight, type TfjsLinear } from '../../tfjs/weights/linear-weights';
import type { FlatModel } from '../read/flat-calls';
import type { KerasLayer } from '../read/keras-model';

/** The kernel of every class of linear layers. */
const kernels: ReadonlyMap<string, { readonly name: string; readonly form: KernelForm }> = new Map([
  ['Conv1D', { name: 'kernel', form: 'full' }],
  ['Conv2D', { name: 'kernel', form: 'full' }],
  ['Conv3D', { name: 'kernel', form: 'full' }],
  ['DepthwiseConv2D', { name: 'depthwise_kernel', form: 'depthwise' }],
  ['Dense', { name: 'kernel', form: 'full' }],
]);

/** Finds the linear layers of a layers-model whose weights can be replaced. */
export function kerasLinearLayers(
  { calls }: FlatModel,
  flow: Dataflow,
  weights: WeightSlices,
): (layer: Layer) => TfjsLinear | UnsolvableLayer | undefined {
  const layers = new Map(calls.map(({ tensor, layer }) => [tensor, layer]));
  return (layer) => {
    const keras = layers.get(layer.name);
    const kernel = kernels.get(layer.op);
    if (keras === undefined || kernel === undefined) return unsolvableKind(layer);
    if ((layer.calls ?? 1) > 1) return { reason: t`it is shared by ${layer.calls ?? 1} calls` };
    const { operation } = layer;
    const isConvolution = operation.kind === 'convolution';
    if (!isConvolution && layer.op !== 'Dense') return { reason: t('its shape is not known') };
    const places = { kernel: `${keras.name}/${kernel.name}`, form: kernel.form, bias: biasOf(keras, layer, layers, flow) };
    const groups = isConvolution ? operation.groups : 1;
    return (
      linearLayer(layer.name, places, isConvolution ? operation.window : undefined, groups, weights) ?? {
        reason: t('the file has no weights of its name'),
      }
    );
  };
}

/** The layer's own bias, or the mean of a normalisation that alone reads what the layer gives before any activation. */
function biasOf(keras: KerasLayer, layer: Layer, layers: ReadonlyMap<string, KerasLayer>, flow: Dataflow): BiasWeight | undefined {
  if (keras.config['use_bias'] !== false) return { weight: `${keras.name}/bias`, kind: 'own' };
  const [output = ''] = layer.outputs;
  const [reader, ...others] = flow.readers(output);
  const isLinear = ['linear', undefined].includes(stringAt(keras.config, 'activation'));
  if (reader?.op !== 'BatchNormalization' || others.length > 0 || !isLinear || flow.isModelOutput(output) || (reader.calls ?? 1) > 1)
    return undefined;
  const normalisation = layers.get(reader.name);
  return normalisation && { weight: `${normalisation.name}/moving_mean`, kind: 'mean' };
}
