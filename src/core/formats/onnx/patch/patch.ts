import { t } from '@vscode/l10n';
import type { IndexedGraph } from '../../../graph/dataflow';
import { admitPlans } from '../../../rewrite/admit-plans';
import { blurEnding } from '../../../rewrite/fixed-names';
import { blurPosition, blurStride, type BlurPlan, type BlurPosition, type BlurSpecification } from '../../../rewrite/plan';
import type { Piece } from '../../byte-source';
import type { PatchOutcome } from '../../format';
import { encodeBlur } from './blur-nodes';
import { nodeNames, type NodeNames } from './node-names';
import { layerLabel } from '../../../graph/layer-labels';
import type { ModelGraph, Shape } from '../../../graph/model-graph';
import type { OnnxModel, OnnxValueInfo } from '../wire/structure';
import { graphField } from '../wire/schema';
import { encodeField } from '../wire/write-fields';
import { changeNode, nodeSplice, removal, spliceGraph, type NodeChange, type Splice } from './splice';
import { encodeValueInfo, type AttributeValue } from '../wire/write';

/** The rewritten file and what became of each plan. */
export interface OnnxPatch {
  readonly pieces: readonly Piece[];
  readonly outcomes: readonly PatchOutcome[];
}

/** The changes that plans ask for, collected before any byte moves. */
interface Draft {
  readonly model: OnnxModel;
  readonly names: NodeNames;
  /** By index of the node in the graph. */
  readonly changes: Map<number, NodeDraft>;
  readonly initializers: Uint8Array[];
  /** Tensors whose declared shape no longer holds. */
  readonly reshaped: Set<string>;
}

interface NodeDraft {
  window?: BlurPlan['window'];
  /** True where a blur takes the node's place. */
  isReplaced: boolean;
  readonly inputNames: Map<string, string>;
  readonly outputNames: Map<string, string>;
  readonly before: Uint8Array[];
  readonly after: Uint8Array[];
}

/** Applies plans by splicing bytes; a plan that cannot be applied is refused and changes nothing. */
export function patchModel(model: OnnxModel, indexed: IndexedGraph, plans: readonly BlurPlan[]): OnnxPatch {
  const draft: Draft = { model, names: nodeNames(model.graph), changes: new Map(), initializers: [], reshaped: new Set() };
  const outcomes = admitPlans(indexed, plans).map((admission): PatchOutcome => {
    if (!admission.ok) return admission;
    const { plan } = admission;
    apply(draft, plan);
    return { ok: true, layer: plan.layer, label: layerLabel(indexed.graph, plan.layer), description: describe(plan, indexed.graph) };
  });
  const nodes = nodeSplices(draft);
  const splices = nodes.length === 0 ? [] : [...nodes, ...outdatedShapes(draft, indexed.graph)];
  const unchanged: readonly Piece[] = [{ start: 0, end: model.layout.fileSize }];
  return { pieces: splices.length === 0 ? unchanged : spliceGraph(model, splices, draft.initializers), outcomes };
}

function apply(draft: Draft, plan: BlurPlan): void {
  const { model, names } = draft;
  const position = blurPosition(plan);
  if (plan.window !== undefined) changeOf(draft, plan.layer).window = plan.window;
  const neighbour = changeOf(draft, position === 'behind' ? plan.blurAfter : plan.layer);
  const name = names.newName(`${plan.layer}${blurEnding}`);
  const ends = blurEnds(name, position, plan.tensor, model.graph.nodes[nodeOf(draft, plan.layer)]?.outputs[0] ?? '');
  const messages = encodeBlur(plan.blur, { name, ...ends }, { opset: model.opsetVersion, irVersion: model.irVersion });
  draft.initializers.push(...messages.initializers);
  switch (position) {
    case 'behind':
      neighbour.outputNames.set(ends.output, ends.input);
      neighbour.after.push(...messages.nodes);
      break;
    case 'in front of':
      neighbour.inputNames.set(ends.input, ends.output);
      neighbour.before.push(...messages.nodes);
      break;
    case 'in place of':
      neighbour.isReplaced = true;
      neighbour.before.push(...messages.nodes);
  }
  for (const tensor of plan.between) draft.reshaped.add(tensor);
}

/** The blur takes the name of the tensor that others read; what it reads, or what its layer reads, gets a new one. */
function blurEnds(
  name: string,
  position: BlurPosition,
  tensor: string,
  replaced: string,
): { readonly input: string; readonly output: string } {
  switch (position) {
    case 'behind':
      return { input: `${name}_input`, output: tensor };
    case 'in front of':
      return { input: tensor, output: `${name}_output` };
    case 'in place of':
      return { input: tensor, output: replaced };
  }
}

function nodeOf({ names }: Draft, layer: string): number {
  const node = names.nodeOfLayer(layer);
  if (node === undefined) throw new Error(`A plan changes "${layer}", which is no node of the main graph.`);
  return node;
}

function changeOf(draft: Draft, layer: string): NodeDraft {
  const node = nodeOf(draft, layer);
  const known = draft.changes.get(node);
  if (known !== undefined) return known;
  const created: NodeDraft = { isReplaced: false, inputNames: new Map(), outputNames: new Map(), before: [], after: [] };
  draft.changes.set(node, created);
  return created;
}

function nodeSplices(draft: Draft): Splice[] {
  return [...draft.changes].flatMap(([index, change]) => {
    const node = draft.model.graph.nodes[index];
    if (node === undefined) return [];
    const kept = change.isReplaced ? [] : [changeNode(node, nodeChange(change))];
    return [nodeSplice(node, [...change.before, ...kept, ...change.after])];
  });
}

/** The stride shrinks, and the padding is spelt out, since SAME and `ceil_mode` depend on the stride. */
function nodeChange(draft: NodeDraft): NodeChange {
  const { window, inputNames, outputNames } = draft;
  if (window === undefined) return { removedAttributes: new Set(), addedAttributes: {}, inputNames, outputNames };
  const addedAttributes: Record<string, AttributeValue> = {
    strides: { ints: window.stride },
    pads: { ints: [...window.padding.begin, ...window.padding.end] },
  };
  return { removedAttributes: new Set(['strides', 'pads', 'auto_pad', 'ceil_mode']), addedAttributes, inputNames, outputNames };
}

/**
 * What the file declares of shapes and no longer holds. Some exporters round sizes up where no runtime does, which a checker only sees
 * once other operators stand there: that goes too, and an output is declared as it comes out.
 */
function outdatedShapes({ model, reshaped }: Draft, graph: ModelGraph): Splice[] {
  const { valueInfo, outputs } = model.graph;
  const corrected = outputs.flatMap((info): Splice[] => {
    const shape = graph.tensors.get(info.name)?.shape;
    if (!contradicts(info, shape)) return [];
    return [{ ...info.field, fields: [encodeField(graphField.output, encodeValueInfo(info.name, info.elementType, shape))] }];
  });
  const removed = valueInfo.filter((info) => reshaped.has(info.name) || contradicts(info, graph.tensors.get(info.name)?.shape));
  return [...removed.map(removal), ...corrected];
}

function contradicts({ shape: declared }: OnnxValueInfo, inferred: Shape): boolean {
  if (declared === undefined || inferred === undefined) return false;
  return (
    declared.length !== inferred.length ||
    declared.some((length, axis) => length !== null && inferred[axis] !== null && length !== inferred[axis])
  );
}

function describe(plan: BlurPlan, graph: ModelGraph): string {
  const label = layerLabel(graph, plan.layer);
  const kind = t`${plan.filter.label} blur (depthwise ${plan.blur.kernel.shape.join('x')}, ${paddingText(plan.blur)})`;
  switch (blurPosition(plan)) {
    case 'in place of':
      return t`Put a ${kind} with stride ${plan.stride.join('x')} in the place of "${label}".`;
    case 'in front of':
      if (plan.recipe === 'blur-then-subsample') return t`Put a ${kind} in front of "${label}", which stays as it is.`;
      return t`Moved the stride ${blurStride(plan).join('x')} of "${label}" into a ${kind} before "${label}".`;
    case 'behind':
      return t`Moved the stride ${blurStride(plan).join('x')} of "${label}" into a ${kind} behind "${layerLabel(graph, plan.blurAfter)}".`;
  }
}

/** Whether a map is no longer than what a reflection would take of it. */
function isTooSmall({ padding: { begin, end }, size }: Pick<BlurSpecification, 'padding' | 'size'>): boolean {
  return size.some((length, axis) => length !== null && Math.max(begin[axis] ?? 0, end[axis] ?? 0) >= length);
}

function paddingText({ border, padding, size }: BlurSpecification): string {
  if (border === 'zero') return t('zero padding');
  if (border === 'replicate')
    return isTooSmall({ padding, size }) ? t('repeated edges, since the map is too small to reflect') : t('repeated edges');
  const widest = Math.max(...padding.begin, ...padding.end);
  return size.includes(null) ? t`reflect padding, which needs maps longer than ${widest}` : t('reflect padding');
}
