import type { Dimension, SourceOrigin } from '../../../graph/model-graph';
import type { FileLayout } from './file-layout';
import type { ByteRange } from './wire';

/** A decoded message that remembers where it stands, so that it can be kept, moved or replaced byte for byte. */
export interface Located {
  /** The whole field in the file, tag and length included. */
  readonly field: ByteRange;
  /** The encoded message alone (a view on the file): what `write.ts` takes to emit it unchanged. */
  readonly message: Uint8Array;
}

/** TensorProto without its values: see `tensor-values.ts`. */
export interface OnnxTensor extends Located {
  readonly name: string;
  readonly dims: readonly number[];
  /** `elementType` of schema.ts. */
  readonly dataType: number;
  /** Entries of `external_data` (`location`, `offset`, `length`); undefined where the values are inside the file. */
  readonly external: ReadonlyMap<string, string> | undefined;
  /** Values fetched from elsewhere, as `raw_data` would hold them. */
  readonly raw?: Uint8Array;
}

/** AttributeProto; only the member of its type is set. */
export interface OnnxAttribute extends Located {
  readonly name: string;
  readonly int?: number;
  readonly float?: number;
  readonly text?: string;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly tensor?: OnnxTensor;
  /** In a function's body: the attribute of the call that this one stands for. */
  readonly reference?: string;
  /** Bodies of If, Loop and Scan. */
  readonly graphs: readonly OnnxGraph[];
}

/** NodeProto. Empty names in `inputs` and `outputs` stand for optional ones that are left out. */
export interface OnnxNode extends Located {
  readonly name: string;
  readonly opType: string;
  /** Empty for the standard operators; `ai.onnx` is read as empty too. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** Which of several functions of one name a call means (IR version 10); absent for most. */
  readonly overload?: string;
  /** The line of model code that the exporter noted. */
  readonly origin?: SourceOrigin;
  /** Path of its module, as the exporter noted it or spelt it in the name. */
  readonly module?: string;
}

/** ValueInfoProto of a tensor; `shape` undefined where the file gives none, entries null where symbolic. */
export interface OnnxValueInfo extends Located {
  readonly name: string;
  readonly elementType: number | undefined;
  readonly shape: readonly Dimension[] | undefined;
}

/** GraphProto, in file order. */
export interface OnnxGraph extends Located {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  /** Initializers that are stored sparsely; their values are never read. */
  readonly sparseInitializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly valueInfo: readonly OnnxValueInfo[];
}

/** Version of an operator set; the standard one has the empty domain. */
export interface OnnxOpset extends Located {
  readonly domain: string;
  readonly version: number;
}

/** ModelProto. */
export interface OnnxModel {
  /** The file, or what a skim left of it; every range refers to it. */
  readonly bytes: Uint8Array;
  /** Where the ranges stand in the file. */
  readonly layout: FileLayout;
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  /** Notes of the exporter or the model's authors, by key. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly opsets: readonly OnnxOpset[];
  /** Version of the standard operator set; 1 where an old file names none. */
  readonly opsetVersion: number;
  readonly graph: OnnxGraph;
  /** The model-local functions by `functionKey`. */
  readonly functions: ReadonlyMap<string, OnnxFunction>;
  /** Files in which tensors keep their values, wherever these stand: in bodies, functions and attributes as well. */
  readonly weightFiles: readonly string[];
  /** Nodes in the file, those of bodies and functions included. */
  readonly nodeCount: number;
}

/** FunctionProto: a body that calls are replaced with. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
  /** Version of the standard operator set inside; undefined where the function does not say. */
  readonly opsetVersion: number | undefined;
  /** Attributes that a call may leave out. */
  readonly defaults: ReadonlyMap<string, OnnxAttribute>;
  readonly valueInfo: readonly OnnxValueInfo[];
}
