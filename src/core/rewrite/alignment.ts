import { t } from '@vscode/l10n';
import type { Dimension, Window } from '../graph/model-graph';
import { effectiveKernel, resolvePadding, windowOutputSize, type ExplicitPadding } from '../graph/window';
import { centredPadding } from './filters';

/** Padding of the layer once its stride is 1, and of the blur behind it. Negative blur padding crops. */
export type Alignment =
  | { readonly ok: true; readonly layerPadding: ExplicitPadding; readonly blurPadding: ExplicitPadding }
  | { readonly ok: false; readonly reason: string };

const openSame = t(
  'its SAME padding depends on the input size, which the model leaves open: choose the image size to fix it for, or give the model a fixed one',
);

type AxisAlignment =
  | { readonly ok: true; readonly layerEnd: number; readonly begin: number; readonly end: number }
  | { readonly ok: false; readonly reason: string };

interface Axis {
  readonly length: Dimension;
  readonly outputLength: Dimension;
  readonly extent: number;
  readonly stride: number;
  /** The part of the stride that the layer keeps. */
  readonly layerStride: number;
  readonly ceilMode: boolean;
  /** The strided layer's own padding. */
  readonly begin: number;
  readonly end: number;
  /** Padding of the layer at stride 1 where the format dictates it. */
  readonly fixed: { readonly begin: number; readonly end: number } | undefined;
}

/** What a format or a plan dictates about the layer once the blur has its stride. */
export interface AlignmentOptions {
  /**
   * Its padding, where the format dictates it (TensorFlow's SAME). Default: the layer's own begin, and its own end grown as
   * far as `ceilMode` reads beyond it.
   */
  readonly layerPadding?: ExplicitPadding | undefined;
  /** The part of the stride that it keeps, a divisor of it; 1 where absent. */
  readonly layerStride?: readonly number[] | undefined;
}

/**
 * Places the blur so that its sample i stands where sample i of the strided layer stood, and as many samples come out.
 *
 * The strided layer's window i starts at i*s - b. With stride t (1 unless the stride is split) and begin padding b1, window
 * j starts at j*t - b1, so sample i of the old map is sample (i*s + b1 - b) / t of the new one: that offset is taken off the
 * blur's centred begin padding. The end padding is the centred one where it yields the old length, else the nearest amount
 * that does.
 *
 * @param inputSize spatial size of the layer's input; null where unknown
 * @param taps length of the blur filter
 */
export function alignBlur(
  window: Window,
  inputSize: readonly Dimension[],
  taps: number,
  { layerPadding, layerStride }: AlignmentOptions = {},
): Alignment {
  const own = resolvePadding(window, inputSize);
  if (own === undefined) return refuse(openSame);
  const outputSize = windowOutputSize(window, inputSize);
  const layerEnd: number[] = [];
  const begin: number[] = [];
  const end: number[] = [];
  for (const [index, extent] of effectiveKernel(window).entries()) {
    const axis = alignAxis(
      {
        length: inputSize[index] ?? null,
        outputLength: outputSize[index] ?? null,
        extent,
        stride: window.stride[index] ?? 1,
        layerStride: layerStride?.[index] ?? 1,
        ceilMode: window.ceilMode,
        begin: own.begin[index] ?? 0,
        end: own.end[index] ?? 0,
        fixed: layerPadding && { begin: layerPadding.begin[index] ?? 0, end: layerPadding.end[index] ?? 0 },
      },
      window.stride[index] === (layerStride?.[index] ?? 1) ? 1 : taps,
    );
    if (!axis.ok) return axis;
    layerEnd.push(axis.layerEnd);
    begin.push(axis.begin);
    end.push(axis.end);
  }
  return { ok: true, layerPadding: layerPadding ?? { begin: own.begin, end: layerEnd }, blurPadding: { begin, end } };
}

function alignAxis(axis: Axis, taps: number): AxisAlignment {
  const centred = centredPadding(taps);
  const offset = ((axis.fixed?.begin ?? axis.begin) - axis.begin) / axis.layerStride;
  if (!Number.isInteger(offset)) return refuse(t`with stride ${axis.layerStride} its SAME padding would move its samples`);
  const begin = centred.before - offset;
  if (axis.length === null || axis.outputLength === null) return alignOpenAxis(axis, offset, begin, centred.after);
  const lastSample = (axis.outputLength - 1) * axis.stride;
  const layerEnd = axis.fixed?.end ?? Math.max(axis.end, lastSample + axis.extent - axis.length - axis.begin);
  const mapLength = Math.floor((axis.length + (axis.fixed?.begin ?? axis.begin) + layerEnd - axis.extent) / axis.layerStride) + 1;
  const step = axis.stride / axis.layerStride;
  const leastEnd = (axis.outputLength - 1) * step + taps - mapLength - begin;
  const end = Math.min(Math.max(centred.after, leastEnd), leastEnd + step - 1);
  return { ok: true, layerEnd, begin, end };
}

/**
 * With an open length, floor((n + b + e - k) / s) + 1 samples come out of the layer and, by centred padding, as many out of
 * the blur, whatever n is. Rounding up is rounding down with s - 1 more of padding at the end, as long as no window could start in that:
 * one that would is left out, which depends on n. What shifts would need to know n too.
 */
function alignOpenAxis(axis: Axis, offset: number, begin: number, after: number): AxisAlignment {
  const layerEnd = axis.fixed?.end ?? axis.end;
  if (axis.stride === 1) return { ok: true, layerEnd, begin, end: after };
  const roundsUpForAll = axis.ceilMode && axis.fixed === undefined && axis.layerStride === 1 && axis.end + axis.stride <= axis.extent;
  if (roundsUpForAll) return { ok: true, layerEnd: axis.end + axis.stride - 1, begin, end: after };
  if (axis.ceilMode || offset !== 0 || layerEnd !== axis.end) {
    return refuse(t('its output length rounds by a rule that depends on the input size, which the model leaves open'));
  }
  return { ok: true, layerEnd, begin, end: after };
}

/**
 * Padding of a blur that takes the place of an average-pool: window i of `taps` samples is centred where window i of the pool
 * was, and as many come out. The filter's length must have the window's parity.
 */
export function alignAverage(window: Window, inputSize: readonly Dimension[], taps: number): Alignment {
  const own = resolvePadding(window, inputSize);
  if (own === undefined) return refuse(openSame);
  const outputSize = windowOutputSize(window, inputSize);
  const begin: number[] = [];
  const end: number[] = [];
  for (const [index, kernel] of window.kernel.entries()) {
    const stride = window.stride[index] ?? 1;
    if ((window.dilation[index] ?? 1) > 1)
      return refuse(t('its window is dilated, so its samples are no neighbours that a blur could weigh'));
    const length = inputSize[index] ?? null;
    const outputLength = outputSize[index] ?? null;
    const wider = stride === 1 ? 0 : (taps - kernel) / 2;
    if (!Number.isInteger(wider)) return refuse(t`a filter of ${taps} samples cannot be centred on windows of ${kernel}`);
    const before = (own.begin[index] ?? 0) + wider;
    const floorEnd = (own.end[index] ?? 0) + wider;
    if (length === null || outputLength === null) {
      if (window.ceilMode)
        return refuse(t('its output length rounds by a rule that depends on the input size, which the model leaves open'));
      begin.push(before);
      end.push(floorEnd);
      continue;
    }
    const leastEnd = (outputLength - 1) * stride + kernel + 2 * wider - length - before;
    begin.push(before);
    end.push(Math.min(Math.max(floorEnd, leastEnd), leastEnd + stride - 1));
  }
  return { ok: true, layerPadding: own, blurPadding: { begin, end } };
}

function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
