import { t } from '@vscode/l10n';
import type { Dataflow } from '../graph/dataflow';
import { labelOf } from '../graph/layer-labels';
import type { Layer } from '../graph/model-graph';
import { isLinear } from '../graph/subsampling';
import { covers, lowPass, type LowPass } from '../rewrite/low-pass';
import { tooEarly, tooNarrow } from '../rules/weak-blur';

/**
 * What a low-pass filter lacks for the subsampling that it guards: width, a sum of 1, or its place behind the nonlinearity
 * (Zhang 2019, section 3.3). Undefined for good filters and for all other layers.
 */
export function blurWeakness(flow: Dataflow, layer: Layer, stride: (layer: Layer) => readonly number[]): string | undefined {
  const filter = lowPass(layer.operation);
  if (filter === undefined) return undefined;
  const sampler = guardedLayer(flow, layer, filter, stride);
  if (sampler === undefined) return undefined;
  const step = stride(sampler);
  const narrow = step.findIndex((length, axis) => length > (filter.taps[axis] ?? 1));
  if (narrow !== -1) {
    return tooNarrow(filter.taps[narrow] ?? 1, step);
  }
  if (!filter.normalised) return t('its weights do not add up to 1, so it also scales the map. Divide them by their sum');
  if (!isLinear(sampler)) {
    return t`it stands in front of the maximum "${labelOf(sampler)}", which brings back what was filtered out. Take the maximum at stride 1 first, then blur`;
  }
  const activation = activationBehind(flow, sampler, layer);
  if (activation === undefined) return undefined;
  return tooEarly(activation);
}

/** The layer whose dropped samples the filter is meant to guard: itself, or its only reader. */
function guardedLayer(flow: Dataflow, layer: Layer, filter: LowPass, stride: (layer: Layer) => readonly number[]): Layer | undefined {
  const subsamples = (candidate: Layer): boolean => stride(candidate).some((step) => step > 1);
  if (subsamples(layer)) return covers(filter, stride(layer)) ? layer : undefined;
  if (!filter.stride.every((step) => step === 1)) return undefined;
  const reader = nextOf(flow, layer);
  return reader !== undefined &&
    (isLinear(reader) || reader.operation.kind === 'max-pool') &&
    subsamples(reader) &&
    covers(filter, stride(reader))
    ? reader
    : undefined;
}

/** The only reader of a layer's output, beyond padding, which may be spelt out in several layers. */
function nextOf(flow: Dataflow, layer: Layer): Layer | undefined {
  for (let current = layer; ;) {
    const [reader, ...others] = new Set(flow.readers(current.outputs[0] ?? '').map((step) => wholePad(flow, step)));
    if (reader === undefined || others.length > 0) return undefined;
    if (reader.operation.kind !== 'pad') return reader;
    current = reader;
  }
}

/** The padding that a layer is a step of; any other layer itself. */
function wholePad(flow: Dataflow, layer: Layer): Layer {
  const whole = layer.operation.kind === 'pad' && layer.stepOf !== undefined ? flow.layer(layer.stepOf) : undefined;
  return whole ?? layer;
}

/**
 * The activation that belongs to the convolution which the blur cuts off from it: conv, blur /s, activation; or blur,
 * conv /s, activation. A 1x1 convolution commutes with the blur, as in DenseNet's transitions.
 */
function activationBehind(flow: Dataflow, sampler: Layer, blur: Layer): string | undefined {
  const convolution = sampler === blur ? flow.producer(beforeNormalisation(flow, blur.inputs[0] ?? '')) : sampler;
  if (convolution?.operation.kind !== 'convolution' || convolution.operation.window.kernel.every((length) => length === 1))
    return undefined;
  if (lowPass(convolution.operation) !== undefined) return undefined;
  if (convolution.operation.activation !== null) return sampler === blur ? undefined : labelOf(convolution);
  for (let next = nextOf(flow, sampler); next?.operation.kind === 'pointwise'; next = nextOf(flow, next)) {
    if (next.operation.role === 'activation') return labelOf(next);
    if (next.operation.role === 'other') return undefined;
  }
  return undefined;
}

/** Walks up over padding, normalisation and identities. */
function beforeNormalisation(flow: Dataflow, tensor: string): string {
  for (let current = tensor; ;) {
    const producer = flow.producer(current);
    const input = producer?.inputs[0];
    if (producer === undefined || input === undefined) return current;
    const { operation } = producer;
    const passes =
      operation.kind === 'pad' || (operation.kind === 'pointwise' && operation.role !== 'activation' && operation.role !== 'other');
    if (!passes) return current;
    current = input;
  }
}
