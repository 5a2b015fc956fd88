import { t } from '@vscode/l10n';
import { labelOf } from '../graph/layer-labels';
import type { Dimension, Layer, Window } from '../graph/model-graph';
import { effectiveKernel, resolvePadding, type ExplicitPadding } from '../graph/window';
import type { FormatCapabilities, WindowKind } from './capabilities';
import { refuse, type Refusal } from './refusal';

/** The padding that a SAME layer will have by its own rule once the stride is gone; undefined where it will be spelt out. */
export function paddingByRule(
  { samePadding }: FormatCapabilities,
  window: Window,
  layerStride: readonly number[],
  size: readonly Dimension[],
): ExplicitPadding | undefined {
  if (samePadding === 'spelt-out' || window.padding.kind === 'explicit') return undefined;
  return resolvePadding({ ...window, stride: layerStride }, size);
}

/** A layer with a window, on an input. */
export interface WindowLayer {
  readonly layer: Layer;
  readonly window: Window;
  /** Of the input; null where open. */
  readonly size: readonly Dimension[];
}

/** Why the runtime gives a layer no one output that a fix could keep, or undefined. */
export function windowRefusal(capabilities: FormatCapabilities, { layer, window, size }: WindowLayer): Refusal | undefined {
  const { runtime, dilatedStrides, noExplicitPadding, shortSame } = capabilities;
  const because = (reason: string): Refusal => refuse(t`"${labelOf(layer)}" ${reason}.`, [layer.name]);
  if (!dilatedStrides && window.dilation.some((step) => step > 1)) {
    return because(t`is dilated and strided at once, which ${runtime} does not run, so there is no output that a fix could keep`);
  }
  const unpadded = noExplicitPadding[layer.operation.kind as WindowKind];
  if (window.padding.kind === 'explicit' && unpadded !== undefined) return because(unpadded);
  return isShort(shortSame, window, size) ? because(shortSame.reason) : undefined;
}

/** Why a layer cannot have the padding that it needs once its stride is gone, or undefined. */
export function paddingRefusal(
  { poolPaddingWithinKernel }: FormatCapabilities,
  { layer, window }: WindowLayer,
  { begin, end }: ExplicitPadding,
): Refusal | undefined {
  if (!poolPaddingWithinKernel || layer.operation.kind === 'convolution') return undefined;
  const isWider = [begin, end].some((side) => side.some((amount, axis) => amount >= (window.kernel[axis] ?? 1)));
  if (!isWider) return undefined;
  return refuse(t`"${labelOf(layer)}" rounds its size up past its own kernel, which no padding at stride 1 expresses.`, [layer.name]);
}

/** True where the last window of a SAME layer ends so far before the map that its padding would be less than the least. */
function isShort({ least, ranks }: FormatCapabilities['shortSame'], window: Window, size: readonly Dimension[]): boolean {
  const { kind } = window.padding;
  if (kind !== 'same-upper' && kind !== 'same-lower') return false;
  if (ranks !== undefined && !ranks.includes(size.length)) return false;
  const extents = effectiveKernel(window);
  return size.some((length, axis) => {
    const stride = window.stride[axis] ?? 1;
    const extent = extents[axis] ?? 1;
    // An open length may turn out as a multiple of the stride, which needs the least padding.
    const total = length === null ? extent - stride : (Math.ceil(length / stride) - 1) * stride + extent - length;
    return total < least;
  });
}
