import { t } from '@vscode/l10n';
import { channelAxis, spatialAxes } from '../../../graph/layout';
import type { Dimension, Layout, Padding, Shape, Window } from '../../../graph/model-graph';
import { effectiveKernel, windowOutputSize } from '../../../graph/window';
import { integersOf, textOf, type GraphNode } from '../read/node';
import { inputShape, type OperatorCall } from './call';

/** Why a window operator cannot be judged. */
export const incomplete = t('its window, strides or padding are not given');

/** Where a window operator expects the channels, whatever stands before it. */
export function declaredLayout(node: GraphNode): Layout | undefined {
  const format = textOf(node, 'data_format');
  return format === undefined ? undefined : format.startsWith('NC') ? 'channels-first' : 'channels-last';
}

/** Where a window operator takes the channels of its map to stand. */
export function layoutOf(call: OperatorCall): Layout {
  return declaredLayout(call.node) ?? 'channels-last';
}

/** How many channels its map has. */
export function channelsOf(call: OperatorCall): Dimension {
  const shape = inputShape(call, 0);
  return shape?.[channelAxis(layoutOf(call), shape.length)] ?? null;
}

/** The entries of a list over all axes that belong to positions. */
export function alongPositions<T>(values: readonly T[], layout: Layout): readonly T[] {
  return spatialAxes(layout, values.length).flatMap((axis) => values.slice(axis, axis + 1));
}

/**
 * The window as it acts on its input: along an axis of length 1 there is one sample to pick, whatever the stride. Between
 * SpaceToBatchND and BatchToSpaceND neighbours stand a block apart. @param dilations attribute that holds the distances of its samples
 */
export function readWindow(call: OperatorCall, kernel: readonly number[], dilations = 'dilations'): Window | undefined {
  const layout = layoutOf(call);
  const perAxis = (name: string): readonly number[] => {
    const values = integersOf(call.node, name);
    const along = values === undefined ? [] : values.length === 1 ? kernel.map(() => values[0] ?? 1) : alongPositions(values, layout);
    return kernel.map((_, axis) => along[axis] ?? 1);
  };
  const size = alongPositions(inputShape(call, 0) ?? [], layout);
  const padding = readPadding(call.node, layout);
  const stride = perAxis('strides').map((step, axis) => (size[axis] === 1 ? 1 : step));
  if (padding === undefined || [...kernel, ...stride].some((length) => length < 1)) return undefined;
  const window: Window = { kernel, stride, dilation: perAxis(dilations), padding, ceilMode: false };
  return call.block === undefined ? window : spread(window, call.block);
}

function readPadding(node: GraphNode, layout: Layout): Padding | undefined {
  switch (textOf(node, 'padding')?.toUpperCase()) {
    case 'SAME':
      return { kind: 'same-upper' };
    case 'VALID':
      return { kind: 'valid' };
    case 'EXPLICIT': {
      const amounts = integersOf(node, 'explicit_paddings') ?? [];
      const pairs = Array.from({ length: amounts.length / 2 }, (_, axis) => ({
        begin: amounts[2 * axis] ?? 0,
        end: amounts[2 * axis + 1] ?? 0,
      }));
      const along = alongPositions(pairs, layout);
      return { kind: 'explicit', begin: along.map(({ begin }) => begin), end: along.map(({ end }) => end) };
    }
    default:
      return undefined;
  }
}

/** A dense window on blocks is a dilated one on the map; undefined for a strided one, which would leave blocks out. */
function spread(window: Window, block: readonly number[]): Window | undefined {
  const wide = (values: readonly number[]): readonly number[] => values.map((value, axis) => value * (block[axis] ?? 1));
  if (window.stride.some((step) => step > 1)) return undefined;
  const total = effectiveKernel(window).map((extent) => extent - 1);
  const padding: Padding =
    window.padding.kind === 'same-upper'
      ? {
          kind: 'explicit',
          begin: wide(total.map((amount) => Math.floor(amount / 2))),
          end: wide(total.map((amount) => Math.ceil(amount / 2))),
        }
      : window.padding.kind === 'explicit'
        ? { kind: 'explicit', begin: wide(window.padding.begin), end: wide(window.padding.end) }
        : window.padding;
  return { ...window, dilation: wide(window.dilation), padding };
}

/** The shape behind a window; undefined where the input's rank is another. */
export function windowShape(call: OperatorCall, window: Window, channels: Dimension): Shape {
  const shape = inputShape(call, 0);
  const layout = layoutOf(call);
  if (shape?.length !== window.kernel.length + 2) return undefined;
  return placed(shape, layout, channels, windowOutputSize(window, alongPositions(shape, layout)));
}

/** A map of the same batch with other channels and sizes. */
export function placed(shape: readonly Dimension[], layout: Layout, channels: Dimension, size: readonly Dimension[]): Shape {
  const [batch = null] = shape;
  return layout === 'channels-first' ? [batch, channels, ...size] : [batch, ...size, channels];
}
