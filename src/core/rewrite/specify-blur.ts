import { t } from '@vscode/l10n';
import { limits } from '../limits';
import { labelOf } from '../graph/layer-labels';
import type { Dimension, Layer } from '../graph/model-graph';
import { spatialShape } from '../graph/sampling';
import type { ExplicitPadding } from '../graph/window';
import { chooseBorder } from './border';
import type { FormatCapabilities, RewritableModel } from './capabilities';
import type { BlurKernel } from './filters';
import type { BlurPadding, BlurSpecification } from './plan';
import { cannot, refuse, type Refusal } from './refusal';

/** What the place of a blur alone decides. */
export interface BlurRequest {
  /** The layer that is fixed. */
  readonly layer: Layer;
  /** The layer beside which the blur stands. */
  readonly beside: Layer;
  /** The tensor that is blurred. */
  readonly tensor: string;
  readonly kernel: BlurKernel;
  readonly stride: readonly number[];
  readonly padding: ExplicitPadding;
  /** Samples that the border, where it is none of zeros, takes the place of. */
  readonly surplus?: ExplicitPadding | undefined;
  /** Of the map that is blurred. */
  readonly size: readonly Dimension[];
  /** What the padding should hold. */
  readonly border: BlurPadding;
}

/** A blur that can be written, and what the user should know of its border. */
export interface SpecifiedBlur {
  readonly ok: true;
  readonly blur: BlurSpecification;
  readonly notes: readonly string[];
}

/** Adds what the tensor and the format decide: channels, layout, type and border; refuses what the format has no blur for. */
export function specifyBlur({ graph, capabilities }: RewritableModel, request: BlurRequest): SpecifiedBlur | Refusal {
  const { layer, beside, tensor, kernel, stride, padding, size } = request;
  const surplus = request.border === 'zero' ? undefined : request.surplus;
  const map = spatialShape(graph, tensor);
  if (map === undefined || map.channels === null) return cannot(layer, t`the number of channels of "${tensor}" is not known`);
  if (map.size.length !== stride.length) {
    return refuse(
      t`"${labelOf(layer)}" and "${labelOf(beside)}" work on different numbers of axes, so the blur of one does not fit the other.`,
      [layer.name, beside.name],
    );
  }
  const { layout = graph.layout, elementType = 'float32' } = graph.tensors.get(tensor) ?? {};
  if (elementType === 'other' || !capabilities.elementTypes.includes(elementType)) {
    return cannot(layer, t`"${tensor}" is not known to hold ${oneOf(capabilities.elementTypes)} values, and a blur needs them`);
  }
  // Another model than the fixed layer's still declares the size that the map had before the fix.
  const isOpen = beside.fitsSeveralSizes === true || beside.listedIn !== layer.listedIn;
  const border = chooseBorder(capabilities, request.border, { size: isOpen ? size.map(() => null) : size, padding, surplus });
  const kept = border.padding === 'zero' ? undefined : surplus;
  const blur = {
    kernel,
    stride,
    padding,
    ...(kept && { surplus: kept }),
    border: border.padding,
    channels: map.channels,
    layout,
    elementType,
    size,
  };
  const weights = kernel.values.length * map.channels;
  if (weights > limits.blurWeights.most) return tooLarge(layer, weights);
  const obstacle = limitReached(capabilities, blur);
  return obstacle === undefined ? { ok: true, blur, notes: border.notes } : cannot(layer, obstacle);
}

/** The refusal of a blur that would take more than all of a usual model. */
export function tooLarge(layer: Layer, weights: number): Refusal {
  return cannot(layer, t`its blur would have ${weights} weights, and at most ${limits.blurWeights.most} are written`);
}

function limitReached({ ranks, layouts }: FormatCapabilities, { size, layout }: BlurSpecification): string | undefined {
  if (ranks !== undefined && !ranks.allowed.includes(size.length)) return ranks.reason;
  return layouts !== undefined && !layouts.allowed.includes(layout) ? layouts.reason : undefined;
}

/** `float16, float32 or float64`. */
function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : t`${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}
