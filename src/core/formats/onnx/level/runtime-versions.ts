import { t } from '@vscode/l10n';
import { ModelError } from '../../../model-error';
import { concatenate } from '../../concatenate';
import type { OnnxModel, OnnxNode, OnnxValueInfo } from '../wire/proto';
import { modelField } from '../wire/schema';
import { messageFields } from '../wire/wire';
import { encodeModel, encodeValueInfo, encodeVersions } from '../wire/write';
import { withoutBrainFloats } from './brain-floats';

/** What ONNX Runtime 1.30 loads. */
export const runtimeVersions = { runtime: 'ONNX Runtime 1.30', ir: 13, operatorSet: 26 } as const;

/** Operators of ONNX's own domain that a later operator set changed or added, by that set. */
const changedIn: ReadonlyMap<number, readonly string[]> = new Map([
  [27, ['CausalConvWithState', 'LinearAttention', 'Range']],
  [
    28,
    [
      ...['BitShift', 'Cast', 'Celu', 'Compress', 'DepthToSpace', 'DequantizeLinear', 'Einsum', 'Mod', 'OneHot', 'Optional'],
      ...['OptionalGetElement', 'OptionalHasElement', 'QuantizeLinear', 'ReduceLogSum', 'ReduceLogSumExp', 'ReverseSequence'],
      ...['SpaceToDepth', 'SwiGLU', 'Unique'],
    ],
  ],
]);

/** The last operator set of which it is known what it changed. */
const newestKnown = Math.max(...changedIn.keys());

/**
 * Operators that compute the same in every operator set since the 14th: the later ones only let them take more types. Of sets beyond the
 * newest known these alone are taken to be what they were; a runtime refuses attributes that it does not know.
 */
const settled: ReadonlySet<string> = new Set([
  ...['Abs', 'Add', 'AveragePool', 'BatchNormalization', 'Ceil', 'Clip', 'Concat', 'Constant', 'Conv', 'ConvTranspose', 'Div', 'Elu'],
  ...['Erf', 'Exp', 'Flatten', 'Floor', 'Gemm', 'GlobalAveragePool', 'GlobalMaxPool', 'HardSigmoid', 'HardSwish', 'Identity'],
  ...['InstanceNormalization', 'LeakyRelu', 'Log', 'LRN', 'MatMul', 'Max', 'MaxPool', 'Min', 'Mul', 'Neg', 'PRelu', 'Pow', 'Relu'],
  ...['Reshape', 'Selu', 'Shape', 'Sigmoid', 'Slice', 'Softmax', 'Softplus', 'Sqrt', 'Squeeze', 'Sub', 'Tanh', 'Transpose', 'Unsqueeze'],
]);

/** Versions that a file declares. */
export interface DeclaredVersions {
  readonly irVersion: number;
  /** Version of the operator set by domain. */
  readonly opsets: Readonly<Record<string, number>>;
}

/**
 * The versions under which a runtime is given some nodes of a model: newer ones than it knows are lowered, which changes nothing for
 * operators that are the same in both. A version of the format says what a file may hold, not what its operators do.
 *
 * @throws ModelError `unsupported` where an operator is newer than the runtime
 */
export function versionsForRuntime(model: OnnxModel, nodes: readonly OnnxNode[], path: string): DeclaredVersions {
  const { irVersion, opsetVersion } = model;
  const { operatorSet, ir } = runtimeVersions;
  const opsets = { '': opsetVersion, ...Object.fromEntries(model.opsets.map(({ domain, version }) => [domain, version])) };
  if (opsetVersion <= operatorSet) return { irVersion: Math.min(irVersion, ir), opsets };
  const newer = nodes.find((node) => isNewerThanRuntime(node, opsetVersion));
  if (newer !== undefined) throw tooNew(model, newer, path);
  return { irVersion: Math.min(irVersion, ir), opsets: { ...opsets, '': operatorSet } };
}

/** What is to be said of a model that runs as one of an earlier operator set on trust; undefined for all others. */
export function loweredOnTrust({ opsetVersion }: Pick<OnnxModel, 'opsetVersion'>, path: string): string | undefined {
  if (opsetVersion <= newestKnown) return undefined;
  return t`"${path}" is written with operator set ${opsetVersion}, which is newer than Shiftlint: it runs as one of operator set ${runtimeVersions.operatorSet}, whose operators of these names have not changed since set 14.`;
}

/** A whole file with versions that the runtime loads; the file itself where it loads it. @throws ModelError like `versionsForRuntime` */
export function fileForRuntime(file: OnnxModel, bytes: Uint8Array, path: string): Uint8Array {
  const model = withoutBrainFloats(file);
  if (model !== file) return loweredFile(model, path);
  if (model.irVersion <= runtimeVersions.ir && model.opsetVersion <= runtimeVersions.operatorSet) return bytes;
  const versions = versionsForRuntime(model, model.graph.nodes, path);
  const kept = [...messageFields(bytes, { start: 0, end: bytes.length })].filter(
    ({ number }) => number !== modelField.irVersion && number !== modelField.opsetImport,
  );
  return concatenate([encodeVersions(versions), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
}

/** A file without bfloat16, written anew. */
function loweredFile(model: OnnxModel, path: string): Uint8Array {
  const { graph } = model;
  const info = ({ name, elementType: type, shape }: OnnxValueInfo): Uint8Array => encodeValueInfo(name, type, shape);
  return encodeModel({
    ...versionsForRuntime(model, graph.nodes, path),
    nodes: graph.nodes.map(({ message }) => message),
    initializers: graph.initializers.map(({ message }) => message),
    inputs: graph.inputs.map(info),
    outputs: graph.outputs.map(info),
  });
}

function isNewerThanRuntime(node: OnnxNode, opsetVersion: number): boolean {
  const isUnknown = opsetVersion > newestKnown && !settled.has(node.opType);
  const isChanged = isUnknown || [...changedIn].some(([version, operators]) => version <= opsetVersion && operators.includes(node.opType));
  const bodies = [...node.attributes.values()].flatMap(({ graphs }) => graphs.flatMap(({ nodes }) => nodes));
  return (isChanged && isOnnxDomain(node.domain)) || bodies.some((inner) => isNewerThanRuntime(inner, opsetVersion));
}

function isOnnxDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function tooNew({ opsetVersion }: OnnxModel, node: OnnxNode, path: string): ModelError {
  const { runtime, operatorSet } = runtimeVersions;
  const name = node.name === '' ? (node.outputs[0] ?? '') : node.name;
  return new ModelError(
    'unsupported',
    opsetVersion > newestKnown
      ? t`"${path}" is written with operator set ${opsetVersion}, whose ${node.opType} ("${name}") may be newer than that, but ${runtime} knows operator sets up to ${operatorSet}: export it with operator set ${operatorSet} or an earlier one to measure it.`
      : t`"${path}" is written with operator set ${opsetVersion}, whose ${node.opType} ("${name}") is newer than that, but ${runtime} knows operator sets up to ${operatorSet}: export it with operator set ${operatorSet} or an earlier one to measure it.`,
  );
}
