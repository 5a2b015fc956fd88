import { t } from '@vscode/l10n';
import { normalisedAxis, spatialAxes } from '../../../../graph/layout';
import type { Dimension, Shape } from '../../../../graph/model-graph';
import { inputShape, intAttribute, intsAttribute, opaque, textAttribute, type OperatorCall } from '../call';
import { numbersOf } from '../constants';
import type { OnnxOperator, OperatorRule } from '../operator';

/** Operators that change how many positions a map has by interpolation. */
export const resizes: readonly OnnxOperator[] = [
  { names: ['Resize'], infer: resize(wantedOfResize) },
  { names: ['Upsample'], infer: resize(wantedOfUpsample) },
];

/** What a resize asks for: lengths or factors, for the named axes. */
interface Wanted {
  readonly axes: readonly (number | undefined)[];
  readonly scales: readonly number[] | undefined;
  readonly sizes: readonly Dimension[] | undefined;
}

type WantedRule = (call: OperatorCall, shape: readonly Dimension[]) => Wanted;

/** Interpolation between positions. @param wanted reads what the node asks for */
function resize(wanted: WantedRule): OperatorRule {
  return (call) => {
    const shape = inputShape(call, 0);
    const after = shape && resizedShape(call, shape, wanted(call, shape));
    const positions = spatialAxes(call.layout, shape?.length ?? 0);
    const elsewhere = after?.some(
      (length, axis) => !positions.includes(axis) && length !== null && shape?.[axis] !== null && length !== shape?.[axis],
    );
    if (elsewhere === true) return opaque(t('it resizes the batch or the channels'), after);
    const antialias = intAttribute(call, 'antialias', 0) === 1;
    const isEarly = call.node.opType === 'Upsample' || call.opset < 11;
    const coordinates = textAttribute(call, 'coordinate_transformation_mode', isEarly ? 'asymmetric' : 'half_pixel');
    const alignsCorners = ['align_corners', 'tf_crop_and_resize'].includes(coordinates);
    const halfPixel = ['half_pixel', 'pytorch_half_pixel', 'half_pixel_symmetric'].includes(coordinates);
    return {
      operation: {
        kind: 'resize',
        mode: textAttribute(call, 'mode', 'nearest'),
        antialias,
        ...(alignsCorners && { alignsCorners }),
        ...(halfPixel && { halfPixel }),
      },
      shapes: [after],
    };
  };
}

function resizedShape(call: OperatorCall, shape: readonly Dimension[], wanted: Wanted): Shape {
  const policy = textAttribute(call, 'keep_aspect_ratio_policy', 'stretch');
  const common = policy === 'stretch' ? undefined : commonScale(policy, shape, wanted);
  return shape.map((length, axis) => {
    const index = wanted.axes.indexOf(axis);
    if (index < 0) return length;
    if (wanted.sizes !== undefined) {
      if (policy === 'stretch') return wanted.sizes[index] ?? null;
      return length === null || common === undefined ? null : roundHalfUp(Math.fround(Math.fround(common) * length));
    }
    const scale = wanted.scales?.[index];
    if (scale === 1) return length;
    // ONNX Runtime multiplies in float32, where 10 * 0.7 is 7.
    return length === null || scale === undefined ? null : Math.floor(Math.fround(Math.fround(scale) * length));
  });
}

/** Inputs X, roi, scales, sizes; in operator set 10 X, scales. */
function wantedOfResize(call: OperatorCall, shape: readonly Dimension[]): Wanted {
  const isEarly = call.opset < 11;
  const scales = numbersOf(call.inputs[isEarly ? 1 : 2]?.constant);
  const sizesInput = isEarly ? undefined : call.inputs[3];
  const sizes = sizesInput?.constant?.entries ?? numbersOf(sizesInput?.constant) ?? (sizesInput && shape.map(() => null));
  const axes = intsAttribute(call, 'axes')?.map((axis) => normalisedAxis(axis, shape.length)) ?? everyAxis(shape);
  return { axes, scales: scales?.length === 0 ? undefined : scales, sizes: sizes?.length === 0 ? undefined : sizes };
}

/** Scales as attributes, one a name or all in a list, or as an input. */
function wantedOfUpsample({ node, inputs }: OperatorCall, shape: readonly Dimension[]): Wanted {
  const [height, width] = [node.attributes.get('height_scale')?.float, node.attributes.get('width_scale')?.float];
  const listed = node.attributes.get('scales')?.floats ?? numbersOf(inputs[1]?.constant);
  const scales = height === undefined ? listed : [1, 1, height, width ?? 1];
  return { axes: everyAxis(shape), scales: scales?.length === 0 ? undefined : scales, sizes: undefined };
}

function everyAxis(shape: readonly Dimension[]): readonly number[] {
  return shape.map((_, axis) => axis);
}

/** One factor for all axes, so that none becomes larger (or smaller) than asked for. */
function commonScale(policy: string, shape: readonly Dimension[], { axes, sizes }: Wanted): number | undefined {
  const ratios = axes.map((axis, index) => {
    const length = axis === undefined ? null : (shape[axis] ?? null);
    const size = sizes?.[index] ?? null;
    return length === null || size === null ? Number.NaN : Math.fround(size / length);
  });
  const scale = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return Number.isFinite(scale) ? scale : undefined;
}

function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}
