import type { Dataflow } from '../graph/dataflow';
import type { Layer } from '../graph/model-graph';

/** Who reads a tensor in the file: names of layers, and of what is no layer (arithmetic of shapes). */
export type TensorReaders = (tensor: string) => readonly string[];

/** The way from a strided layer to the tensor that its blur will write. */
export interface BlurWalk {
  readonly tensor: string;
  /** Tensors on the way, which become larger. */
  readonly between: readonly string[];
}

/**
 * Follows the first outputs from a layer to the one whose output is blurred. Whatever lies between becomes larger, so
 * nothing else may read it; answers with the obstacle where something does. An activation of several layers is one step.
 */
export function walkToBlur(flow: Dataflow, readersOf: TensorReaders, strided: Layer, blurAfter: string): BlurWalk | string {
  const between: string[] = [];
  for (let layer: Layer | undefined = strided; layer !== undefined;) {
    const [tensor, second]: readonly string[] = layer.outputs;
    if (tensor === undefined) break;
    if (second !== undefined) return `its size would also change at a second output of ${layer.op} "${layer.name}"`;
    if (layer.name === blurAfter) return { tensor, between };
    if (flow.isModelOutput(tensor)) return `"${tensor}", which would change its size, is an output of the model`;
    const step: Step = chainStep(flow, tensor) ?? readerStep(flow, tensor);
    const members = new Set(step.members);
    const tensors = [tensor, ...step.inner];
    const leak = tensors.find((read) => readersOf(read).some((reader) => !members.has(reader)));
    if (leak !== undefined || members.size === 0) {
      return readersOf(tensor).length === 0
        ? noPath(blurAfter)
        : `"${leak ?? tensor}", which would change its size, is read by several nodes`;
    }
    between.push(...tensors);
    layer = step.end;
  }
  return noPath(blurAfter);
}

interface Step {
  readonly end: Layer | undefined;
  /** Who may read what lies between. */
  readonly members: readonly string[];
  readonly inner: readonly string[];
}

function chainStep(flow: Dataflow, tensor: string): Step | undefined {
  const end = flow.chainFrom(tensor);
  const inner = end?.chain?.inner;
  if (end === undefined || inner === undefined) return undefined;
  return { end, inner, members: [end.name, ...inner.flatMap((value) => flow.producer(value)?.name ?? [])] };
}

function readerStep(flow: Dataflow, tensor: string): Step {
  const [end] = flow.readers(tensor);
  return { end, inner: [], members: end === undefined ? [] : [end.name] };
}

function noPath(blurAfter: string): string {
  return `no path leads from it to "${blurAfter}"`;
}
