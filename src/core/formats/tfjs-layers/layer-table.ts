import type { Dimension, Layout, Operation, Shape } from '../../graph/model-graph';
import { windowOutputSize } from '../../graph/window';
import { isJsonArray, numberAt, stringAt, type JsonObject } from './json';
import { activationOf, amountsOf, axisOf, perAxis, windowOf } from './layer-config';

/** What a builder is given: one call of a layer. */
export interface LayerCall {
  readonly className: string;
  readonly config: JsonObject;
  /** Shapes of what the call reads; empty for a model input. */
  readonly inputs: readonly Shape[];
  readonly layout: Layout;
}

/** What a layer does and the shape of what it gives. */
export interface BuiltLayer {
  readonly operation: Operation;
  readonly shape: Shape;
}

type Builder = (call: LayerCall) => BuiltLayer;

/** What Shiftlint knows of a Keras layer class; undefined for a class it does not know. */
export function buildLayer(call: LayerCall): BuiltLayer | undefined {
  return builders.get(call.className)?.(call);
}

interface Positions {
  readonly batch: Dimension;
  readonly channels: Dimension;
  readonly size: readonly Dimension[];
}

function split(shape: Shape, layout: Layout): Positions | undefined {
  if (shape === undefined || shape.length < 3) return undefined;
  const [batch = null, ...rest] = shape;
  return layout === 'channels-first'
    ? { batch, channels: rest[0] ?? null, size: rest.slice(1) }
    : { batch, channels: rest.at(-1) ?? null, size: rest.slice(0, -1) };
}

function join({ batch, channels, size }: Positions, layout: Layout): Shape {
  return layout === 'channels-first' ? [batch, channels, ...size] : [batch, ...size, channels];
}

/** Applies a change of the positions, leaving an unknown shape unknown. */
function reshape(call: LayerCall, change: (positions: Positions) => Partial<Positions>): Shape {
  const positions = split(call.inputs[0], call.layout);
  return positions && join({ ...positions, ...change(positions) }, call.layout);
}

function opaque(reason: string): BuiltLayer {
  return { operation: { kind: 'opaque', reason }, shape: undefined };
}

const incomplete = ({ className }: LayerCall): BuiltLayer => opaque(`its configuration as ${className} is incomplete`);

function convolution(axes: number, kind: 'plain' | 'depthwise' | 'separable'): Builder {
  return (call) => {
    const window = windowOf(call.config, 'kernel_size', axes, 'one');
    if (window === undefined) return incomplete(call);
    const inChannels = split(call.inputs[0], call.layout)?.channels ?? null;
    const multiplier = numberAt(call.config, 'depth_multiplier') ?? 1;
    const outChannels =
      kind === 'depthwise' ? (inChannels === null ? null : inChannels * multiplier) : (numberAt(call.config, 'filters') ?? null);
    const groups = kind === 'depthwise' ? (inChannels ?? 1) : kind === 'plain' ? (numberAt(call.config, 'groups') ?? 1) : 1;
    return {
      operation: { kind: 'convolution', window, groups, inChannels, outChannels, activation: activationOf(call.config) },
      shape: reshape(call, ({ size }) => ({ channels: outChannels, size: windowOutputSize(window, size) })),
    };
  };
}

function transposedConvolution(axes: number): Builder {
  return (call) => {
    const window = windowOf(call.config, 'kernel_size', axes, 'one');
    if (window === undefined) return incomplete(call);
    const grow = (length: Dimension, axis: number): Dimension => {
      if (length === null) return null;
      const step = window.stride[axis] ?? 1;
      return window.padding.kind === 'same-upper' ? length * step : length * step + Math.max((window.kernel[axis] ?? 1) - step, 0);
    };
    const channels = numberAt(call.config, 'filters') ?? null;
    return {
      operation: { kind: 'transposed-convolution', window },
      shape: reshape(call, ({ size }) => ({ channels, size: size.map(grow) })),
    };
  };
}

function pool(axes: number, kind: 'max' | 'average'): Builder {
  return (call) => {
    const window = windowOf(call.config, 'pool_size', axes, 'kernel');
    if (window === undefined) return incomplete(call);
    return {
      // TensorFlow's average leaves the padding out of its count.
      operation: kind === 'max' ? { kind: 'max-pool', window } : { kind: 'average-pool', window, countsPadding: false },
      shape: reshape(call, ({ size }) => ({ size: windowOutputSize(window, size) })),
    };
  };
}

const globalPool: Builder = (call) => {
  const positions = split(call.inputs[0], call.layout);
  const keeps = call.config['keepdims'] === true;
  return {
    operation: { kind: 'global-pool' },
    shape: positions && (keeps ? join({ ...positions, size: positions.size.map(() => 1) }, call.layout) : [positions.batch, positions.channels]),
  };
};

function zeroPadding(axes: number): Builder {
  return (call) => {
    const amounts = amountsOf(call.config, 'padding', axes);
    if (amounts === undefined) return incomplete(call);
    return {
      operation: { kind: 'pad', ...amounts, mode: 'constant' },
      shape: reshape(call, ({ size }) => ({ size: size.map((length, axis) => add(length, (amounts.begin[axis] ?? 0) + (amounts.end[axis] ?? 0))) })),
    };
  };
}

function cropping(axes: number): Builder {
  return (call) => {
    const amounts = amountsOf(call.config, 'cropping', axes);
    if (amounts === undefined) return incomplete(call);
    const negated = (values: readonly number[]): number[] => values.map((value) => 0 - value);
    return {
      operation: { kind: 'pad', begin: negated(amounts.begin), end: negated(amounts.end), mode: 'constant' },
      shape: reshape(call, ({ size }) => ({ size: size.map((length, axis) => add(length, -(amounts.begin[axis] ?? 0) - (amounts.end[axis] ?? 0))) })),
    };
  };
}

function add(length: Dimension, amount: number): Dimension {
  return length === null ? null : length + amount;
}

function upSampling(axes: number): Builder {
  return (call) => {
    const factor = perAxis(call.config, 'size', axes) ?? Array.from({ length: axes }, () => 2);
    return {
      operation: { kind: 'resize', mode: stringAt(call.config, 'interpolation') ?? 'nearest' },
      shape: reshape(call, ({ size }) => ({ size: size.map((length, axis) => (length === null ? null : length * (factor[axis] ?? 1))) })),
    };
  };
}

const resizing: Builder = (call) => ({
  operation: { kind: 'resize', mode: stringAt(call.config, 'interpolation') ?? 'bilinear' },
  shape: reshape(call, () => ({ size: [numberAt(call.config, 'height') ?? null, numberAt(call.config, 'width') ?? null] })),
});

function pointwise(role: 'activation' | 'normalisation' | 'identity' | 'other'): Builder {
  return ({ inputs }) => ({ operation: { kind: 'pointwise', role }, shape: inputs[0] });
}

/** `Activation` names its function; a softmax mixes channels, "linear" does nothing. */
const activation: Builder = ({ config, inputs }) => {
  const name = stringAt(config, 'activation');
  if (name === 'softmax') return { operation: { kind: 'channelwise' }, shape: inputs[0] };
  return { operation: { kind: 'pointwise', role: name === 'linear' ? 'identity' : 'activation' }, shape: inputs[0] };
};

/** Normalises over channels at each position where its axis is the channels', else over positions too. */
const layerNormalization: Builder = ({ config, inputs, layout }) => {
  const rank = inputs[0]?.length ?? 4;
  const alongChannels = axisOf(config, rank) === (layout === 'channels-first' ? 1 : rank - 1);
  return { operation: alongChannels ? { kind: 'channelwise' } : { kind: 'positional' }, shape: inputs[0] };
};

const merge: Builder = ({ inputs }) => ({ operation: { kind: 'merge' }, shape: inputs[0] });

const concatenate: Builder = (call) => {
  const [first] = call.inputs;
  if (first === undefined) return { operation: { kind: 'merge' }, shape: undefined };
  const axis = axisOf(call.config, first.length);
  const joined = call.inputs.reduce<Dimension>((sum, shape) => {
    const length = shape?.[axis] ?? null;
    return sum === null || length === null ? null : sum + length;
  }, 0);
  const alongChannels = axis === (call.layout === 'channels-first' ? 1 : first.length - 1);
  return { operation: { kind: alongChannels ? 'merge' : 'positional' }, shape: first.map((length, index) => (index === axis ? joined : length)) };
};

const flatten: Builder = ({ inputs }) => {
  const [batch = null, ...rest] = inputs[0] ?? [];
  const known = rest.every((length) => length !== null);
  return {
    operation: { kind: 'positional' },
    shape: inputs[0] && [batch, known ? rest.reduce((product, length) => product * length, 1) : null],
  };
};

const targetShape: Builder = ({ config, inputs }) => {
  const target = config['target_shape'];
  const lengths = isJsonArray(target) ? target.map((length) => (typeof length === 'number' && length >= 0 ? length : null)) : undefined;
  return { operation: { kind: 'positional' }, shape: lengths && [inputs[0]?.[0] ?? null, ...lengths] };
};

const permute: Builder = ({ config, inputs }) => {
  const dims = config['dims'];
  const [input] = inputs;
  const order = isJsonArray(dims) ? dims.map((axis) => (typeof axis === 'number' ? (input?.[axis] ?? null) : null)) : undefined;
  return { operation: { kind: 'positional' }, shape: order && [input?.[0] ?? null, ...order] };
};

/** Acts on the last axis alone: a 1x1 convolution where there are positions, a tail where there are none. */
const dense: Builder = ({ config, inputs }) => {
  const [input] = inputs;
  const units = numberAt(config, 'units') ?? null;
  return {
    operation: { kind: input !== undefined && input.length > 2 ? 'channelwise' : 'positional' },
    shape: input && [...input.slice(0, -1), units],
  };
};

const input: Builder = ({ config }) => {
  const shape = config['batch_input_shape'] ?? config['batch_shape'];
  return {
    operation: { kind: 'pointwise', role: 'identity' },
    shape: isJsonArray(shape) ? shape.map((length) => (typeof length === 'number' ? length : null)) : undefined,
  };
};

const builders: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ['InputLayer', input],
  ['Conv1D', convolution(1, 'plain')],
  ['Conv2D', convolution(2, 'plain')],
  ['Conv3D', convolution(3, 'plain')],
  ['SeparableConv2D', convolution(2, 'separable')],
  ['DepthwiseConv2D', convolution(2, 'depthwise')],
  ['Conv2DTranspose', transposedConvolution(2)],
  ['Conv3DTranspose', transposedConvolution(3)],
  ['MaxPooling1D', pool(1, 'max')],
  ['MaxPooling2D', pool(2, 'max')],
  ['MaxPooling3D', pool(3, 'max')],
  ['AveragePooling1D', pool(1, 'average')],
  ['AveragePooling2D', pool(2, 'average')],
  ['AveragePooling3D', pool(3, 'average')],
  ['GlobalAveragePooling1D', globalPool],
  ['GlobalAveragePooling2D', globalPool],
  ['GlobalMaxPooling1D', globalPool],
  ['GlobalMaxPooling2D', globalPool],
  ['ZeroPadding1D', zeroPadding(1)],
  ['ZeroPadding2D', zeroPadding(2)],
  ['ZeroPadding3D', zeroPadding(3)],
  ['Cropping1D', cropping(1)],
  ['Cropping2D', cropping(2)],
  ['Cropping3D', cropping(3)],
  ['UpSampling1D', upSampling(1)],
  ['UpSampling2D', upSampling(2)],
  ['UpSampling3D', upSampling(3)],
  ['Resizing', resizing],
  ['BatchNormalization', pointwise('normalisation')],
  ['Normalization', pointwise('normalisation')],
  ['Rescaling', pointwise('normalisation')],
  ['LayerNormalization', layerNormalization],
  ['Activation', activation],
  ['ReLU', pointwise('activation')],
  ['LeakyReLU', pointwise('activation')],
  ['PReLU', pointwise('activation')],
  ['ELU', pointwise('activation')],
  ['ThresholdedReLU', pointwise('activation')],
  ['Softmax', ({ inputs }) => ({ operation: { kind: 'channelwise' }, shape: inputs[0] })],
  ['Dropout', pointwise('identity')],
  ['SpatialDropout1D', pointwise('identity')],
  ['SpatialDropout2D', pointwise('identity')],
  ['GaussianNoise', pointwise('identity')],
  ['GaussianDropout', pointwise('identity')],
  ['AlphaDropout', pointwise('identity')],
  ['Add', merge],
  ['Subtract', merge],
  ['Multiply', merge],
  ['Average', merge],
  ['Maximum', merge],
  ['Minimum', merge],
  ['Concatenate', concatenate],
  ['Flatten', flatten],
  ['Reshape', targetShape],
  ['Permute', permute],
  ['Dense', dense],
]);
