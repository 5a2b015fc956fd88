import { t } from '@vscode/l10n';
import { isJsonArray, stringAt } from '../../tfjs/json';
import { axisOf } from '../read/layer-config';
import { channelAxis, opaque, type LayerBuilder } from './layer-call';

/** Treats every value alone, or with constants per channel. */
export function pointwise(role: 'activation' | 'normalisation' | 'identity' | 'other'): LayerBuilder {
  return ({ inputs }) => ({ operation: { kind: 'pointwise', role }, shape: inputs[0] });
}

/** Normalises over one axis, each position alone where that axis holds the channels. */
export const softmax: LayerBuilder = ({ config, inputs, layout }) => {
  const rank = inputs[0]?.length ?? 2;
  const alongChannels = rank === 2 || axisOf(config, rank) === channelAxis(layout, rank);
  return { operation: { kind: alongChannels ? 'channelwise' : 'positional' }, shape: inputs[0] };
};

/** `Activation` names its function; "linear" does nothing, and a softmax runs along the last axis. */
export const activation: LayerBuilder = (call) => {
  const name = stringAt(call.config, 'activation');
  if (name === 'softmax') return softmax({ ...call, config: { axis: -1 } });
  return pointwise(name === 'linear' ? 'identity' : 'activation')(call);
};

/** Slopes per channel where the axes of positions share theirs; elsewhere they would differ from position to position. */
export const prelu: LayerBuilder = (call) => {
  const [input] = call.inputs;
  const { shared_axes: shared } = call.config;
  const channels = channelAxis(call.layout, input?.length ?? 4);
  const isShared = (axis: number): boolean => (isJsonArray(shared) ? shared.includes(axis) : shared === axis);
  const own = (input ?? [null, null, null, null]).findIndex(
    (length, axis) => axis > 0 && axis !== channels && length !== 1 && !isShared(axis),
  );
  if (own === -1) return pointwise('activation')(call);
  return opaque(t`its slopes differ along axis ${own}, which does not hold the channels`, input);
};

/** Constants per channel at inference time; along another axis they would differ from position to position. */
export const batchNormalization: LayerBuilder = (call) => {
  const [input] = call.inputs;
  const rank = input?.length ?? 4;
  if (axisOf(call.config, rank) === channelAxis(call.layout, rank)) return pointwise('normalisation')(call);
  return opaque(t`its constants belong to axis ${axisOf(call.config, rank)}, which does not hold the channels`, input);
};

/** Normalises over channels at each position where its axis is the channels' alone, else over positions too. */
export const layerNormalization: LayerBuilder = ({ config, inputs, layout }) => {
  const rank = inputs[0]?.length ?? 4;
  const { axis } = config;
  const several = isJsonArray(axis) && axis.length !== 1;
  const alongChannels = !several && axisOf(config, rank) === channelAxis(layout, rank);
  return { operation: { kind: alongChannels ? 'channelwise' : 'positional' }, shape: inputs[0] };
};

/** Normalises by statistics of groups of channels over the whole map, which shift with it. */
export const groupNormalization: LayerBuilder = ({ inputs }) => ({ operation: { kind: 'channelwise' }, shape: inputs[0] });
