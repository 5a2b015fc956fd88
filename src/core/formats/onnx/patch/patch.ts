import type { IndexedGraph } from '../../../graph/dataflow';
import { blurStride, type BlurPlan } from '../../../rewrite/plan';
import type { Piece } from '../../byte-source';
import type { PatchOutcome } from '../../format';
import { encodeBlur, type BlurSpecification } from './blur-nodes';
import { elementTypes } from '../read/element-types';
import { nodeWiring } from './node-wiring';
import { preparePlan, type PlanSite, type PreparedPlan } from './prepare-plan';
import type { OnnxModel } from '../wire/proto';
import { changeNode, nodeSplice, removal, spliceGraph, type NodeChange, type Splice } from './splice';
import type { AttributeValue } from '../wire/write';

/** The rewritten file and what became of each plan. */
export interface OnnxPatch {
  readonly pieces: readonly Piece[];
  readonly outcomes: readonly PatchOutcome[];
}

/** The changes that plans ask for, collected before any byte moves. */
interface Draft {
  readonly model: OnnxModel;
  /** By index of the node in the graph. */
  readonly changes: Map<number, NodeDraft>;
  /** Nodes that a plan was made for. */
  readonly strided: Set<number>;
  readonly initializers: Uint8Array[];
  /** Tensors whose declared shape no longer holds. */
  readonly reshaped: Set<string>;
  /** Tensors that a blur writes now. */
  readonly blurred: Set<string>;
}

interface NodeDraft {
  window?: PreparedPlan['window'];
  /** True where a blur takes the node's place. */
  isReplaced: boolean;
  readonly inputNames: Map<string, string>;
  readonly outputNames: Map<string, string>;
  readonly before: Uint8Array[];
  readonly after: Uint8Array[];
}

/** Applies plans by splicing bytes; a plan that cannot be applied is refused and changes nothing. */
export function patchModel(model: OnnxModel, { graph, flow }: IndexedGraph, plans: readonly BlurPlan[]): OnnxPatch {
  const draft: Draft = { model, changes: new Map(), strided: new Set(), initializers: [], reshaped: new Set(), blurred: new Set() };
  const site: PlanSite = {
    graph,
    flow,
    wiring: nodeWiring(model.graph),
    types: elementTypes(model),
    isChanged: (node) => draft.strided.has(node),
    isBlurred: (tensor) => draft.blurred.has(tensor),
  };
  const outcomes = plans.map((plan): PatchOutcome => {
    const prepared = preparePlan(site, plan);
    if (typeof prepared === 'string') return { ok: false, layer: plan.layer, reason: prepared };
    apply(draft, prepared);
    return { ok: true, layer: plan.layer, description: describe(prepared) };
  });
  const splices = [...nodeSplices(draft), ...outdatedShapes(draft)];
  const unchanged: readonly Piece[] = [{ start: 0, end: model.layout.fileSize }];
  return { pieces: splices.length === 0 ? unchanged : spliceGraph(model, splices, draft.initializers), outcomes };
}

function apply(draft: Draft, prepared: PreparedPlan): void {
  const { blur } = prepared;
  const { model } = draft;
  draft.blurred.add(blur.output);
  const messages = encodeBlur(blur, { opset: model.opsetVersion, irVersion: model.irVersion });
  draft.initializers.push(...messages.initializers);
  draft.strided.add(prepared.strided);
  if (prepared.window !== undefined) changeOf(draft, prepared.strided).window = prepared.window;
  const neighbour = changeOf(draft, prepared.node);
  switch (prepared.place) {
    case 'after':
      neighbour.outputNames.set(blur.output, blur.input);
      neighbour.after.push(...messages.nodes);
      break;
    case 'before':
      neighbour.inputNames.set(blur.input, blur.output);
      neighbour.before.push(...messages.nodes);
      break;
    case 'instead':
      neighbour.isReplaced = true;
      neighbour.before.push(...messages.nodes);
  }
  for (const tensor of prepared.between) draft.reshaped.add(tensor);
}

function changeOf(draft: Draft, node: number): NodeDraft {
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

function outdatedShapes(draft: Draft): Splice[] {
  return draft.model.graph.valueInfo.filter((info) => draft.reshaped.has(info.name)).map(removal);
}

function describe({ plan, blur, place, openSize }: PreparedPlan): string {
  const kind = `${plan.filter.label} blur (depthwise ${blur.kernel.shape.join('x')}, ${paddingText(blur, openSize)})`;
  switch (place) {
    case 'instead':
      return `Put a ${kind} with stride ${plan.stride.join('x')} in the place of "${plan.layer}".`;
    case 'before':
      if (plan.recipe === 'blur-then-subsample') return `Put a ${kind} in front of "${plan.layer}", which stays as it is.`;
      return `Moved the stride ${blurStride(plan).join('x')} of "${plan.layer}" into a ${kind} before "${plan.layer}".`;
    case 'after':
      return `Moved the stride ${blurStride(plan).join('x')} of "${plan.layer}" into a ${kind} behind "${plan.blurAfter}".`;
  }
}

function paddingText(blur: BlurSpecification, openSize: boolean): string {
  if (blur.mode === 'zero') return 'zero padding';
  if (blur.mode === 'replicate') return 'repeated edges, since the map is too small to reflect';
  const widest = Math.max(...blur.padding.begin, ...blur.padding.end);
  return `reflect padding${openSize ? `, which needs maps longer than ${widest}` : ''}`;
}
