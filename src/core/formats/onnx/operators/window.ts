import { t } from '@vscode/l10n';
import type { Dimension, Padding, Window } from '../../../graph/model-graph';
import { windowOutputSize } from '../../../graph/window';
import { inputShape, intAttribute, intsAttribute, textAttribute, type OperatorCall } from './call';

/** Why a window operator cannot be judged. */
export const noKernel = t('its window size is neither given nor known from its weights');

/** The shape behind a window; undefined where the input's rank is another. */
export function windowShape(call: OperatorCall, window: Window, channels: Dimension): readonly Dimension[] | undefined {
  const shape = inputShape(call, 0);
  if (shape === undefined) return undefined;
  if (shape.length !== window.kernel.length + 2) return undefined;
  return [shape[0] ?? null, channels, ...windowOutputSize(window, shape.slice(2))];
}

/** The attributes that all window operators share. @param fromWeights kernel for a file that leaves `kernel_shape` out */
export function readWindow(call: OperatorCall, fromWeights: readonly number[] | undefined): Window | undefined {
  const given = intsAttribute(call, 'kernel_shape');
  const kernel = given !== undefined && given.length > 0 ? given : fromWeights;
  if (kernel === undefined || kernel.length === 0) return undefined;
  const onePerAxis = (values: readonly number[] | undefined): readonly number[] => kernel.map((_, axis) => values?.[axis] ?? 1);
  const window: Window = {
    kernel,
    stride: onePerAxis(intsAttribute(call, 'strides')),
    dilation: onePerAxis(intsAttribute(call, 'dilations')),
    padding: readPadding(call, kernel.length),
    ceilMode: intAttribute(call, 'ceil_mode', 0) === 1,
  };
  const positive = [...window.kernel, ...window.stride, ...window.dilation].every((length) => length > 0);
  return positive ? window : undefined;
}

/** `pads` lists all begins, then all ends. */
function readPadding(call: OperatorCall, axes: number): Padding {
  switch (textAttribute(call, 'auto_pad', 'NOTSET')) {
    case 'SAME_UPPER':
      return { kind: 'same-upper' };
    case 'SAME_LOWER':
      return { kind: 'same-lower' };
    case 'VALID':
      return { kind: 'valid' };
    default: {
      const pads = intsAttribute(call, 'pads') ?? [];
      const side = (offset: number): number[] => Array.from({ length: axes }, (_, axis) => pads[offset + axis] ?? 0);
      return { kind: 'explicit', begin: side(0), end: side(axes) };
    }
  }
}
