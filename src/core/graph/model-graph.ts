/**
 * The one description of a network that every reader produces and everything downstream consumes.
 * Plain immutable data; window arrays run over the spatial axes in order (depth,) height, width, never over batch or channels.
 */

/** Which axis holds the channels of the spatial tensors: `[n, c, h, w]` or `[n, h, w, c]`. */
export type Layout = 'channels-first' | 'channels-last';

/** A value per image axis: vertical first. */
export type AxisPair = readonly [y: number, x: number];

/** A tensor's extent along one axis; null where the model leaves it open (dynamic batch, any image size). */
export type Dimension = number | null;

/** Shape of a whole tensor, batch included; undefined where it could not be inferred. */
export type Shape = readonly Dimension[] | undefined;

/** How a window layer pads its input. `same-*` is TensorFlow's rule, whose amounts depend on the stride. */
export type Padding =
  | { readonly kind: 'explicit'; readonly begin: readonly number[]; readonly end: readonly number[] }
  | { readonly kind: 'same-upper' | 'same-lower' | 'valid' };

/** The sliding window of a convolution or pool, one entry per spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: Padding;
  /** Output length rounded up instead of down (ONNX `ceil_mode`). */
  readonly ceilMode: boolean;
}

/**
 * Weights of a depthwise convolution whose channels all share one kernel, row-major over the window:
 * how a fixed low-pass filter (BlurPool) looks in a model file.
 */
export interface SharedKernel {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/**
 * An evenly spaced sample of a strided convolution's kernels, for the evidence of a finding: `values` holds
 * `[kernels, ...shape]`, row-major. Bounded in size; never the whole weights of a large layer.
 */
export interface KernelSample {
  /** Window lengths, one per spatial axis. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a layer does, as far as sampling theory cares. */
export type Operation =
  | {
      readonly kind: 'convolution';
      readonly window: Window;
      readonly groups: number;
      readonly inChannels: number | null;
      readonly outChannels: number | null;
      /** Name of the activation fused into the layer, null where none (or linear). */
      readonly activation: string | null;
      /** Present only for a depthwise layer with channel multiplier 1 whose channels share one kernel. */
      readonly sharedKernel?: SharedKernel;
      /** Present for strided layers whose weights can be read. */
      readonly kernels?: KernelSample;
    }
  | { readonly kind: 'transposed-convolution'; readonly window: Window }
  /** `addsLearned` where a learned amount is added to each sample of a window before its maximum is taken (a morphological dilation). */
  | { readonly kind: 'max-pool'; readonly window: Window; readonly addsLearned?: boolean }
  /** The mean of a window, or for `power` p the p-norm of it (ONNX LpPool), which is no linear filter. */
  | { readonly kind: 'average-pool'; readonly window: Window; readonly countsPadding: boolean; readonly power?: number }
  | { readonly kind: 'global-pool' }
  | { readonly kind: 'pad'; readonly begin: readonly number[]; readonly end: readonly number[]; readonly mode: string }
  /** One input, every value treated alone or with per-channel constants: commutes with every shift. */
  | { readonly kind: 'pointwise'; readonly role: 'activation' | 'normalisation' | 'identity' | 'other' }
  /** Several inputs of one spatial size (or broadcast over positions): add, multiply, channel concat. */
  | { readonly kind: 'merge' }
  /** One input, mixes channels at each position but no positions: channel softmax, LRN, channel shuffle. */
  | { readonly kind: 'channelwise' }
  /**
   * `antialias` where the interpolation widens its kernel to low-pass before it shrinks (ONNX Resize 18); `alignsCorners`
   * where the first and last samples of both maps meet, so that the others lie where the lengths say; `halfPixel` where samples stand
   * for the middle of pixels, so that by 1/2 each lies between two.
   */
  | {
      readonly kind: 'resize';
      readonly mode: string;
      readonly antialias?: boolean;
      readonly alignsCorners?: boolean;
      readonly halfPixel?: boolean;
    }
  /** Moves `block` x `block` samples into channels: nothing is lost, aliasing is left to the layers behind. */
  | { readonly kind: 'space-to-depth'; readonly block: readonly number[] }
  | { readonly kind: 'slice'; readonly stride: readonly number[] }
  /** Mixes positions so that the result belongs to none: flatten, reshape, dense, transpose of spatial axes. */
  | { readonly kind: 'positional' }
  /** A nested model, a custom layer, an operator we have no knowledge of: judged around, never guessed. */
  | {
      readonly kind: 'opaque';
      readonly reason: string;
      /** True for a pad of unknown amounts: where its output stands is not known, but what it holds is its input. */
      readonly pads?: true;
      /** True for what a runtime made of other layers for one kind of machine: the model before that is the one to judge. */
      readonly compiled?: true;
    };

/** An operand of a layer: one of its `inputs`, by place, or a constant, by its shape. */
export type AxisOperand = { readonly input: number } | { readonly constant: Shape };

/**
 * What a layer does with the axes of its tensors, where positions need not be axes of a map: attention, and whatever else is done
 * to tokens. Axes count from the front.
 */
export type AxisFlow =
  /** The same numbers in the same order. */
  | { readonly kind: 'reshape' }
  /** `order` has the axis of the input that stands at each place. */
  | { readonly kind: 'transpose'; readonly order: readonly number[] }
  /** Every value is computed from those at its place; operands broadcast from their last axis on. */
  | { readonly kind: 'elementwise'; readonly operands: readonly AxisOperand[] }
  /** Operands one behind the other along an axis. */
  | { readonly kind: 'join'; readonly axis: number; readonly operands: readonly AxisOperand[] }
  /** A product of matrices or stacks of them; rows and columns of those that are `turned` change places first. */
  | { readonly kind: 'product'; readonly operands: readonly [AxisOperand, AxisOperand]; readonly turned: readonly [boolean, boolean] }
  /** Mixes values along axes and keeps the shape; `scaled` where each place along them has constants of its own. */
  | { readonly kind: 'along'; readonly axes: readonly number[]; readonly scaled: boolean }
  /** A sum, mean or extreme over whole axes, which stay with length 1 or go. */
  | { readonly kind: 'reduce'; readonly axes: readonly number[]; readonly keepsAxes: boolean }
  /** Some entries of axes; a single entry of an axis may take the axis away. */
  | { readonly kind: 'part'; readonly axes: readonly number[]; readonly keepsAxes: boolean };

/** A named value that flows between layers. */
export interface Tensor {
  readonly name: string;
  readonly shape: Shape;
  /** What the file declares, for an input that leaves lengths open which the model was opened for. */
  readonly declared?: Shape;
  /** Where its channels stand, if elsewhere than the graph's layout says: between two transposes of an ONNX model. */
  readonly layout?: Layout;
  /** True where the file has its channels elsewhere than is described here: an image that a transpose turns before maps are made of it. */
  readonly turned?: boolean;
  /** What its values are; left out where they are float32. */
  readonly elementType?: ElementType;
  /**
   * Set for whole numbers: `scaled` where the file has the scale and the zero point that they stand for values by, `raw` where it has none,
   * as for sums of products and for what is scaled while the model runs.
   */
  readonly wholeNumbers?: 'scaled' | 'raw';
  /** Nodes of the file that read it and are no layers of the graph, or layers that read it for its shape: arithmetic of sizes. */
  readonly otherReaders?: readonly string[];
}

/** Types of values that a convolution takes; `other` for whole numbers, and where the file does not tell. */
export type ElementType = 'bfloat16' | 'float16' | 'float32' | 'float64' | 'other';

/** An activation that a model spells out, as in x * sigmoid(x): layers that treat each value alone, and nothing else reads inside. */
export interface ActivationChain {
  /** The tensor that the activation is applied to; only layers of the chain read it. */
  readonly input: string;
  /** Tensors between the input and the last layer's output. */
  readonly inner: readonly string[];
}

/** The line of model code that a layer was exported from, as the exporter noted it. */
export interface SourceOrigin {
  /** Path as the exporter saw it, on its own machine; undefined where only the module is known. */
  readonly file?: string;
  /** Counts from 1. */
  readonly line?: number;
  /** What stands there, or the module's path (`model.layer1.0.conv1`), for people. */
  readonly text: string;
}

/**
 * One layer (tfjs) or node (ONNX). `name` is unique in the graph and is what people type:
 * the layer's name in tfjs, the node's name in ONNX (the first output tensor's name where the node has none).
 */
export interface Layer {
  readonly name: string;
  /** Operator type as the format spells it: `MaxPool`, `MaxPooling2D`. */
  readonly op: string;
  readonly operation: Operation;
  /** Data inputs only, in order; weights and constants are left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** How often the model calls this layer; more than 1 for a shared tfjs layer, whose calls appear as separate layers. */
  readonly calls?: number;
  /** Name of a shared layer's first call, for its other calls. */
  readonly callOf?: string;
  /** Key of its place in the file, where a model that is called several times makes several layers of the graph from one place. */
  readonly listedAs?: string;
  /** Place of the model inside the file's model that lists it; left out where that is the outermost. */
  readonly listedIn?: string;
  /** True where what the file puts beside it has to fit maps of several sizes, though the size that this call gets is known. */
  readonly fitsSeveralSizes?: boolean;
  /** True for the first layer of a sequential model, which declares the model's input itself. */
  readonly declaresInput?: boolean;
  /** Why nothing here can be rewritten, read on after "because": a body of If or Loop, a function of several callers. */
  readonly sealed?: string;
  readonly origin?: SourceOrigin;
  /** Path of the module that it was exported from (`layer2.0.conv1`), where the exporter kept it. */
  readonly module?: string;
  /** What people call it, unlike any other layer's; left out where that is its name. */
  readonly label?: string;
  /** For the layer that ends an activation of several layers: a walk may step from the chain's input to this layer. */
  readonly chain?: ActivationChain;
  /**
   * Name of the layer that ends what this one is a step of: a slice of a space-to-depth, a reshape of a pixel shuffle, a row that is
   * repeated as the border of a map. The layer named has the operation of the whole; what flows inside is no map.
   */
  readonly stepOf?: string;
  /** Left out where it is not known. */
  readonly axisFlow?: AxisFlow;
  /** True for one that computes each value from all images that run with it, as by one scale for them all. */
  readonly mixesImages?: boolean;
  /** True for a layer that only gives its input axes of length 1, where that is described with these axes itself. */
  readonly handsOn?: boolean;
  /** True for a transpose behind which images have their channels where they are described to have them all along. */
  readonly turnsImages?: boolean;
}

/** A whole model. Layers are in topological order; tensors are keyed by name and include inputs and all layer outputs. */
export interface ModelGraph {
  readonly format: FormatId;
  /** Exporter as the file names it, for example `pytorch 2.4.0`; empty where it does not. */
  readonly producer: string;
  /** Notes of the exporter or the model's authors, by key. */
  readonly metadata?: ReadonlyMap<string, string>;
  readonly layout: Layout;
  /** True where maps have one spatial axis in the file, and are described here as maps of height 1. */
  readonly ofSignals?: boolean;
  /** Names of the tensors fed at run time (weights excluded). */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly layers: readonly Layer[];
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Files beside the model that hold its weights, relative to its folder; a copy of the model needs them too. */
  readonly weightFiles?: readonly string[];
}

/** Identifier of a model format; also what the command line prints. */
export type FormatId = 'onnx' | 'tfjs-layers' | 'tfjs-graph';
