import { t } from '@vscode/l10n';
import type { Dataflow, IndexedGraph } from '../graph/dataflow';
import { labelOf, layerLabel } from '../graph/layer-labels';
import type { Layer, ModelGraph } from '../graph/model-graph';
import { cannot, type Refusal } from './refusal';

/** The way from a strided layer to the tensor that its blur will write. */
export interface BlurWalk {
  readonly ok: true;
  readonly tensor: string;
  /** Tensors on the way, which become larger. */
  readonly between: readonly string[];
}

/**
 * Follows the first outputs from a layer to the one whose output is blurred. Whatever lies between becomes larger, so
 * nothing else may read it; answers with the obstacle where something does. An activation of several layers is one step.
 */
export function walkToBlur({ graph, flow }: IndexedGraph, strided: Layer, blurAfter: string): BlurWalk | Refusal {
  const between: string[] = [];
  for (let layer: Layer | undefined = strided; layer !== undefined;) {
    const [tensor, second]: readonly string[] = layer.outputs;
    if (tensor === undefined) break;
    if (second !== undefined) {
      return cannot(strided, t`its size would also change at a second output of ${layer.op} "${labelOf(layer)}"`, [layer.name]);
    }
    if (layer.name === blurAfter) return { ok: true, tensor, between };
    if (flow.isModelOutput(tensor)) {
      return cannot(strided, t`"${tensor}", which would change its size, is an output of the model`, [layer.name]);
    }
    const step: Step = chainStep(flow, tensor) ?? readerStep(flow, tensor);
    const tensors = [tensor, ...step.inner];
    const leak = findLeak(graph, flow, tensors, new Set(step.members));
    if (leak !== undefined) {
      return cannot(strided, t`"${leak.tensor}", which would change its size, is read by several nodes`, leak.readers);
    }
    between.push(...tensors);
    layer = step.end;
  }
  return cannot(strided, t`no path leads from it to "${layerLabel(graph, blurAfter)}"`, [strided.name, blurAfter]);
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

/** The first tensor that something else reads too, and what does. */
function findLeak(
  graph: ModelGraph,
  flow: Dataflow,
  tensors: readonly string[],
  members: ReadonlySet<string>,
): { readonly tensor: string; readonly readers: readonly string[] } | undefined {
  for (const tensor of tensors) {
    const layers = flow.readers(tensor).flatMap(({ name }) => (members.has(name) ? [] : [name]));
    const readers = [...layers, ...(graph.tensors.get(tensor)?.otherReaders ?? [])];
    if (readers.length > 0) return { tensor, readers };
  }
  return undefined;
}
