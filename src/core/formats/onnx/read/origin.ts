import type { SourceOrigin } from '../../../graph/model-graph';
import { tensorFlowModule } from '../../tensor-flow-module';
import { readEntry } from '../wire/entries';
import { nodeField } from '../wire/schema';
import { textOf, type WireField } from '../wire/wire';

/** A line of a stack trace. */
interface Frame {
  readonly file: string;
  readonly line: number;
  /** The line's code, where the trace quotes it. */
  readonly code: string;
}

/** Longest note that is looked at: a trace of a hundred frames. */
const noteLimit = 1 << 15;

/** Frames of the frameworks that models are written in; what calls them, an installed library of models too, is a model's own code. */
const frameworkPath =
  /[\\/](?:site-packages|dist-packages)[\\/](?:torch|functorch|torch_onnx|onnx|onnxscript|tensorflow|tf2onnx|keras|tf_keras|jax|flax)[\\/]|[\\/]torch[\\/](?:nn|_ops|jit|onnx|_tensor|functional)/;

/** What an exporter noted of where a node comes from. */
export interface NodeNotes {
  readonly origin?: SourceOrigin;
  /** Path of its module, as in `state_dict`: `layer2.0.conv1`. */
  readonly module?: string;
}

/**
 * Where a node comes from: the innermost line of the model's own code that the exporter noted in the node's documentation
 * (PyTorch's TorchScript exporter) or metadata (its Dynamo exporter), else the module that the node's name spells; and that module.
 */
export function readNotes(bytes: Uint8Array, notes: readonly WireField[], name: string): NodeNotes {
  const metadata = new Map<string, string>();
  let documentation = '';
  for (const note of notes) {
    if (note.value.end - note.value.start > noteLimit) continue;
    if (note.number === nodeField.docString) documentation = textOf(bytes, note);
    else readEntry(bytes, note, metadata);
  }
  const module = tensorFlowModule(name) ?? modulePath(nameScopes(metadata) ?? scopesOfName(name));
  const frame = ownFrame(pythonFrames(metadata.get('pkg.torch.onnx.stack_trace') ?? '')) ?? ownFrame(tracedFrames(documentation));
  const origin = frame === undefined ? { text: module } : { file: frame.file, line: frame.line, text: frame.code || module };
  return { ...((frame !== undefined || module !== '') && { origin }), ...(module !== '' && { module }) };
}

/** The innermost frame outside the frameworks, else the innermost. @param frames innermost first */
function ownFrame(frames: readonly Frame[]): Frame | undefined {
  return frames.find(({ file }) => !frameworkPath.test(file)) ?? frames[0];
}

/** `File "model.py", line 20, in forward` and its code on the next line; the outermost comes first. */
function pythonFrames(trace: string): readonly Frame[] {
  const frames: Frame[] = [];
  const lines = trace.split('\n');
  for (const [index, text] of lines.entries()) {
    const [, file, line] = /^\s*File "([^"]+)", line (\d+)/.exec(text) ?? [];
    if (file === undefined) continue;
    const next = lines[index + 1] ?? '';
    frames.push({ file, line: Number(line), code: next.trimStart().startsWith('File "') ? '' : next.trim() });
  }
  return frames.reverse();
}

/** `model.py(20): forward` or, from older exporters, `# model.py:20:0`; the innermost comes first. */
function tracedFrames(documentation: string): readonly Frame[] {
  return documentation.split('\n').flatMap((text) => {
    const match = /^(\S.*?)\((\d+)\): /.exec(text) ?? /^(?:#\s*)?(\S.*?):(\d+):\d+\s*$/.exec(text);
    const [, file, line] = match ?? [];
    return file === undefined ? [] : [{ file, line: Number(line), code: '' }];
  });
}

/** `['', 'layer1', 'layer1.0', 'conv1', 'conv2d']`: the modules, and last the operator. */
function nameScopes(metadata: ReadonlyMap<string, string>): readonly string[] | undefined {
  const text = metadata.get('pkg.torch.onnx.name_scopes');
  return text === undefined ? undefined : [...text.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '').slice(0, -1);
}

/** `/layer1/layer1.0/conv1/Conv`: the same as the TorchScript exporter spells it. */
function scopesOfName(name: string): readonly string[] {
  return name.startsWith('/') ? name.split('/').slice(0, -1) : [];
}

/** Scopes joined as in `state_dict`; a scope that repeats its container's name (`layer1.0` in `layer1`) does so once. */
function modulePath(scopes: readonly string[]): string {
  const path: string[] = [];
  for (const scope of scopes) {
    const before = path.at(-1);
    if (scope === '') continue;
    if (before !== undefined && scope.startsWith(`${before}.`)) path.pop();
    path.push(scope);
  }
  return path.join('.');
}
