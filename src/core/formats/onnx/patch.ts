import type { ModelGraph } from '../../graph/model-graph';
import type { ExplicitPadding } from '../../graph/window';
import type { BlurPlan } from '../../rewrite/plan';
import type { PatchOutcome } from '../format';
import { encodeBlur } from './blur-nodes';
import { elementTypes } from './element-types';
import { nodeWiring } from './node-wiring';
import { preparePlan, type PlanSite, type PreparedPlan } from './prepare-plan';
import type { OnnxModel } from './proto';
import { changeNode, nodeSplice, removal, spliceGraph, type NodeChange, type Splice } from './splice';
import type { AttributeValue } from './write';

/** The rewritten file and what became of each plan. */
export interface OnnxPatch {
  readonly bytes: Uint8Array;
  readonly outcomes: readonly PatchOutcome[];
}

/** The changes that plans ask for, collected before any byte moves. */
interface Draft {
  readonly model: OnnxModel;
  /** By index of the node in the graph. */
  readonly changes: Map<number, NodeDraft>;
  readonly initializers: Uint8Array[];
  /** Tensors whose declared shape no longer holds. */
  readonly reshaped: Set<string>;
  /** Tensors that a blur writes now. */
  readonly blurred: Set<string>;
}

interface NodeDraft {
  strideless?: ExplicitPadding;
  readonly inputNames: Map<string, string>;
  readonly outputNames: Map<string, string>;
  readonly before: Uint8Array[];
  readonly after: Uint8Array[];
}

/** Applies plans by splicing bytes; a plan that cannot be applied is refused and changes nothing. */
export function patchModel(model: OnnxModel, graph: ModelGraph, plans: readonly BlurPlan[]): OnnxPatch {
  const draft: Draft = { model, changes: new Map(), initializers: [], reshaped: new Set(), blurred: new Set() };
  const site: PlanSite = {
    graph,
    wiring: nodeWiring(model.graph),
    types: elementTypes(model),
    isStrideless: (node) => draft.changes.get(node)?.strideless !== undefined,
    isBlurred: (tensor) => draft.blurred.has(tensor),
  };
  const outcomes = plans.map((plan): PatchOutcome => {
    const prepared = preparePlan(site, plan);
    if (typeof prepared === 'string') return { ok: false, layer: plan.layer, reason: prepared };
    apply(draft, prepared);
    return { ok: true, layer: plan.layer, description: describe(prepared) };
  });
  const splices = [...nodeSplices(draft), ...outdatedShapes(draft)];
  return { bytes: splices.length === 0 ? model.bytes : spliceGraph(model, splices, draft.initializers), outcomes };
}

function apply(draft: Draft, prepared: PreparedPlan): void {
  const { blur } = prepared;
  const { model } = draft;
  draft.blurred.add(blur.output);
  const messages = encodeBlur(blur, { opset: model.opsetVersion, irVersion: model.irVersion });
  draft.initializers.push(...messages.initializers);
  changeOf(draft, prepared.strided).strideless = prepared.layerPadding;
  const neighbour = changeOf(draft, prepared.node);
  if (prepared.place === 'after') {
    neighbour.outputNames.set(blur.output, blur.input);
    neighbour.after.push(...messages.nodes);
  } else {
    neighbour.inputNames.set(blur.input, blur.output);
    neighbour.before.push(...messages.nodes);
  }
  for (const tensor of prepared.between) draft.reshaped.add(tensor);
}

function changeOf(draft: Draft, node: number): NodeDraft {
  const known = draft.changes.get(node);
  if (known !== undefined) return known;
  const created: NodeDraft = { inputNames: new Map(), outputNames: new Map(), before: [], after: [] };
  draft.changes.set(node, created);
  return created;
}

function nodeSplices(draft: Draft): Splice[] {
  return [...draft.changes].flatMap(([index, change]) => {
    const node = draft.model.graph.nodes[index];
    return node === undefined ? [] : [nodeSplice(node, change.before, changeNode(node, nodeChange(change)), change.after)];
  });
}

/** The stride goes, and the padding is spelt out, since SAME and `ceil_mode` depend on the stride. */
function nodeChange(draft: NodeDraft): NodeChange {
  const { strideless, inputNames, outputNames } = draft;
  if (strideless === undefined) return { removedAttributes: new Set(), addedAttributes: {}, inputNames, outputNames };
  const addedAttributes: Record<string, AttributeValue> = {
    strides: { ints: strideless.begin.map(() => 1) },
    pads: { ints: [...strideless.begin, ...strideless.end] },
  };
  return { removedAttributes: new Set(['strides', 'pads', 'auto_pad', 'ceil_mode']), addedAttributes, inputNames, outputNames };
}

function outdatedShapes(draft: Draft): Splice[] {
  return draft.model.graph.valueInfo.filter((info) => draft.reshaped.has(info.name)).map(removal);
}

function describe({ plan, blur, place, openSize }: PreparedPlan): string {
  const size = blur.kernel.shape.join('x');
  const where = place === 'before' ? `before "${plan.layer}"` : `behind "${plan.blurAfter}"`;
  const widest = Math.max(...blur.padding.begin, ...blur.padding.end);
  const reflects = `reflect padding${openSize ? `, which needs maps longer than ${widest}` : ''}`;
  const zeros = `zero padding${plan.padding === 'reflect' ? ', since the map is too small to reflect' : ''}`;
  const padding = blur.mode === 'reflect' ? reflects : zeros;
  return `Moved the stride ${plan.stride.join('x')} of "${plan.layer}" into a ${plan.filter.label} blur (depthwise ${size}, ${padding}) ${where}.`;
}
