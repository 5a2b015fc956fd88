import { t } from '@vscode/l10n';
import type { Dimension } from '../../../graph/model-graph';
import { stringAt } from '../../tfjs/json';
import { amountsOf, lengthAt, perAxis } from '../read/layer-config';
import { changedShape, incomplete, opaque, splitShape, type LayerBuilder } from './layer-call';

/** Adds zeros around the map. */
export function zeroPadding(axes: number): LayerBuilder {
  return border(axes, 'padding', 1);
}

/** Cuts the border off: padding by negative amounts. */
export function cropping(axes: number): LayerBuilder {
  return border(axes, 'cropping', -1);
}

function border(axes: number, key: string, sign: 1 | -1): LayerBuilder {
  return (call) => {
    const amounts = amountsOf(call.config, key, axes);
    if (amounts === undefined) return incomplete(call);
    const signed = (values: readonly number[]): readonly number[] => values.map((value) => (value === 0 ? 0 : sign * value));
    const [begin, end] = [signed(amounts.begin), signed(amounts.end)];
    return {
      operation: { kind: 'pad', begin, end, mode: 'constant' },
      shape: changedShape(call, axes, ({ size }) => ({
        size: size.map((length, axis) => plus(length, (begin[axis] ?? 0) + (end[axis] ?? 0))),
      })),
    };
  };
}

function plus(length: Dimension, amount: number): Dimension {
  return length === null ? null : Math.max(0, length + amount);
}

/** Cuts the middle out of the map, or enlarges a smaller map to the wanted size. */
export const centerCrop: LayerBuilder = (call) => {
  const wanted = [lengthAt(call.config, 'height'), lengthAt(call.config, 'width')];
  const shape = changedShape(call, 2, () => ({ size: wanted }));
  const size = splitShape(call.inputs[0], call.layout)?.size ?? [];
  const surplus = wanted.map((length, axis) => {
    const available = size[axis] ?? null;
    return length === null || available === null ? undefined : available - length;
  });
  const known = surplus.flatMap((amount) => amount ?? []);
  if (known.length !== wanted.length)
    return opaque(t('what a CenterCrop cuts off depends on an image size that the model leaves open'), shape);
  if (known.some((amount) => amount < 0)) return { operation: { kind: 'resize', mode: 'bilinear' }, shape };
  const begin = known.map((amount) => 0 - Math.floor(amount / 2) || 0);
  return {
    operation: { kind: 'pad', begin, end: known.map((amount, axis) => -amount - (begin[axis] ?? 0) || 0), mode: 'constant' },
    shape,
  };
};

/** Repeats or interpolates samples by a whole factor, 2 where none is named. */
export function upSampling(axes: number): LayerBuilder {
  return (call) => {
    const factor = perAxis(call.config, 'size', axes) ?? [];
    return {
      operation: { kind: 'resize', mode: stringAt(call.config, 'interpolation') ?? 'nearest' },
      shape: changedShape(call, axes, ({ size }) => ({
        size: size.map((length, axis) => (length === null ? null : length * (factor[axis] ?? 2))),
      })),
    };
  };
}

/** Interpolates to a fixed size; TensorFlow.js (4.22) aligns the corners unless it is told to keep the aspect ratio. */
export const resizing: LayerBuilder = (call) => ({
  operation: {
    kind: 'resize',
    mode: stringAt(call.config, 'interpolation') ?? 'bilinear',
    ...(call.config['crop_to_aspect_ratio'] !== true && { alignsCorners: true }),
  },
  shape: changedShape(call, 2, () => ({ size: [lengthAt(call.config, 'height'), lengthAt(call.config, 'width')] })),
});
