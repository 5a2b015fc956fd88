/** What a callable of a framework means for sampling. */
export type Role =
  | 'max-pool'
  | 'average-pool'
  | 'convolution'
  /** Picks some samples: a slice with steps, an unfold. */
  | 'subsample'
  /** Interpolates to fewer samples, by a scale. */
  | 'resize'
  /** Moves blocks of positions into channels. */
  | 'space-to-depth'
  /** Makes a tensor of numbers that are not trained. */
  | 'constant'
  /** A fixed low-pass filter that may subsample. */
  | 'blur'
  | 'activation'
  /** Per-sample work that commutes with subsampling: normalisation, dropout, identity. */
  | 'pointwise'
  /** Runs the layers that it is given one after another. */
  | 'sequence'
  /** Holds layers without running them: `nn.ModuleList`, `nn.ModuleDict`. */
  | 'holder'
  /** Turns a feature map into a vector: an average-pool before it has seen the whole map. */
  | 'flatten';

/** How a callable says its kernel or stride. */
export interface WindowParameter {
  /** Name of the parameter, in Python as keyword, in tfjs as key of the options object. */
  readonly name: string;
  /** Value where it is not given; `kernel` for pools that stride by their kernel, null where it must be given. */
  readonly fallback: number | 'kernel' | null;
  /** True where the value is what the size is multiplied by: 0.5 stands for a stride of 2. */
  readonly isScale?: boolean;
  /** Whether a list may hold entries for batch and channels too, or has to: `[1, 2, 2, 1]` in tf.nn. */
  readonly batchEntries: 'none' | 'allowed' | 'required';
}

/** How a resize says its way of interpolating. */
export interface Interpolation {
  /** Name of the parameter, or the mode itself. */
  readonly mode: { readonly parameter: string } | { readonly always: string };
  readonly alignCorners: string | null;
  /** Name of the parameter that is the size of the result, for an operation. */
  readonly size?: string;
  readonly antialias: string | null;
}

/** One row of a framework's table: a layer class, a layer factory or an operation on tensors. */
export interface Callable {
  /** Canonical dotted name: `torch.nn.MaxPool2d`, `tf.layers.maxPooling2d`. */
  readonly path: string;
  readonly role: Role;
  /** `layer` builds something that is applied later; `operation` takes the feature map as its first argument. */
  readonly form: 'layer' | 'operation';
  /** Image axes; 0 where it follows from the input (`tf.nn.max_pool`) or does not matter. */
  readonly dimensions: 0 | 1 | 2 | 3;
  /** Names of the positional parameters in order; for operations without the feature map, which comes first. */
  readonly parameters: readonly string[];
  /** True where the arguments are the entries of one options object, as in tf.layers. */
  readonly options: boolean;
  readonly kernel: WindowParameter | null;
  readonly stride: WindowParameter | null;
  /** Parameter that names an activation applied to the output: Keras' and tfjs' `activation`. */
  readonly activation: string | null;
  /** Rows that an argument chooses by its text, this one where it chooses none: `create_pool2d('avg', …)`. */
  readonly variants?: { readonly parameter: string; readonly of: Readonly<Record<string, Callable>> };
  /** True where its stride is in a pattern of einops: `b c (h p) (w p) -> b (c p p) h w`. */
  readonly readsPattern?: boolean;
  /** Names of the parameters that say how it interpolates, for a resize; what has no name is as PyTorch's default. */
  readonly interpolation?: Interpolation;
  /** Name of the argument that says of a constant whether it is trained, which it is by default. */
  readonly trainedUnless?: string;
  /** Name of the parameter that is its weights, for an operation. */
  readonly weights?: string;
  /** True where it runs on each channel by itself; else where a call names groups. */
  readonly isDepthwise?: boolean;
  /** Name of a truth that makes it enlarge the map instead. */
  readonly enlargesWith?: string;
  /** True where it pads SAME when no padding is given. */
  readonly padsSame?: boolean;
  /** True for a block of a library that builds the layer itself: no fix reaches it. */
  readonly isForeignBlock?: boolean;
}
