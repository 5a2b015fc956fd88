import type { Layer, ModelGraph, Window } from '../../graph/model-graph';
import { spatialShape } from '../../graph/sampling';
import { effectiveKernel, type ExplicitPadding } from '../../graph/window';
import { alignBlur } from '../../rewrite/alignment';
import { blurKernel } from '../../rewrite/filters';
import type { BlurPlan } from '../../rewrite/plan';
import type { PatchOutcome } from '../format';
import { encodeBlur, type BlurSpecification } from './blur-nodes';
import { elementTypes, type ElementTypes } from './element-types';
import { nodeWiring, walkToBlur, type NodeWiring } from './node-wiring';
import type { OnnxModel } from './proto';
import { elementType } from './schema';
import { changeNode, nodeSplice, removal, spliceGraph, type NodeChange, type Splice } from './splice';
import type { AttributeValue } from './write';

/** The rewritten file and what became of each plan. */
export interface OnnxPatch {
  readonly bytes: Uint8Array;
  readonly outcomes: readonly PatchOutcome[];
}

/** Everything that plans are checked against and collect their changes in. */
interface Draft {
  readonly model: OnnxModel;
  readonly graph: ModelGraph;
  readonly wiring: NodeWiring;
  readonly types: ElementTypes;
  readonly changes: Map<number, NodeDraft>;
  readonly initializers: Uint8Array[];
  /** Tensors whose declared shape no longer holds. */
  readonly reshaped: Set<string>;
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
  const draft: Draft = {
    model,
    graph,
    wiring: nodeWiring(model.graph),
    types: elementTypes(model),
    changes: new Map(),
    initializers: [],
    reshaped: new Set(),
  };
  const outcomes = plans.map((plan): PatchOutcome => {
    const prepared = prepare(draft, plan);
    if (typeof prepared === 'string') return { ok: false, layer: plan.layer, reason: prepared };
    apply(draft, prepared);
    return { ok: true, layer: plan.layer, description: describe(prepared) };
  });
  const splices = [...nodeSplices(draft), ...outdatedShapes(draft)];
  return { bytes: splices.length === 0 ? model.bytes : spliceGraph(model, splices, draft.initializers), outcomes };
}

/** A plan that has passed every check. */
interface PreparedPlan {
  readonly plan: BlurPlan;
  /** Node that loses its stride, and its padding then. */
  readonly strided: number;
  readonly layerPadding: ExplicitPadding;
  /** Node that wrote (or, before a shortcut, reads) the tensor to be blurred. */
  readonly node: number;
  readonly place: 'before' | 'after';
  readonly blur: BlurSpecification;
  /** Tensors between the two, which become larger. */
  readonly between: readonly string[];
}

function prepare(draft: Draft, plan: BlurPlan): PreparedPlan | string {
  const layer = draft.graph.layers.find((candidate) => candidate.name === plan.layer);
  const strided = draft.wiring.nodeOfLayer(plan.layer);
  if (layer === undefined || strided === undefined) return `The model's main graph has no layer "${plan.layer}".`;
  const { operation } = layer;
  if (operation.kind !== 'max-pool' && operation.kind !== 'convolution') {
    return `"${layer.name}" is neither a max-pool nor a convolution; Shiftlint has no rewrite for ${layer.op}.`;
  }
  const { window } = operation;
  if (plan.stride.length !== window.stride.length || plan.stride.some((step, axis) => step !== window.stride[axis])) {
    return `The plan moves another stride than "${layer.name}" has: lint the file again.`;
  }
  if (draft.changes.get(strided)?.strideless !== undefined) return `"${layer.name}" is rewritten by another plan already.`;
  if (layer.outputs.length > 1) return `"${layer.name}" has a second output (the places of its maxima), whose meaning would change.`;
  const input = spatialShape(draft.graph, layer.inputs[0] ?? '');
  const inputSize = input?.size ?? window.kernel.map(() => null);
  const alignment = alignBlur(window, inputSize, plan.filter.taps.length);
  if (!alignment.ok) return `"${layer.name}" cannot be rewritten: ${alignment.reason}.`;
  const unsupported = paddingObstacle(layer, window, alignment.layerPadding);
  if (unsupported !== undefined) return unsupported;
  const place = findPlace(draft, plan, layer, strided, alignment.layerPadding);
  if (typeof place === 'string') return place;
  const blur = specifyBlur(draft, plan, place, {
    padding: alignment.blurPadding,
    mapSize: inputSize.map((length, axis) => denseLength(length, axis, window, place.place === 'after' ? alignment.layerPadding : undefined)),
  });
  return typeof blur === 'string' ? blur : { plan, strided, layerPadding: alignment.layerPadding, ...place, blur };
}

/** ONNX Runtime refuses a max-pool whose padding reaches its undilated kernel. */
function paddingObstacle(layer: Layer, window: Window, padding: ExplicitPadding): string | undefined {
  if (layer.operation.kind !== 'max-pool') return undefined;
  const tooWide = [padding.begin, padding.end].some((side) => side.some((amount, axis) => amount >= (window.kernel[axis] ?? 1)));
  return tooWide ? `"${layer.name}" rounds its size up past its own kernel, which no padding at stride 1 expresses.` : undefined;
}

type Place = Pick<PreparedPlan, 'node' | 'place' | 'between'> & { readonly tensor: string };

function findPlace(draft: Draft, plan: BlurPlan, layer: Layer, strided: number, padding: ExplicitPadding): Place | string {
  const isPadded = [...padding.begin, ...padding.end].some((amount) => amount !== 0);
  const [input] = layer.inputs;
  // Zero padding of a 1x1 convolution yields the bias beside the map, so there only a blur behind it is exact.
  if (plan.recipe === 'blur-then-convolution' && !isPadded && input !== undefined) {
    return { node: strided, place: 'before', between: [], tensor: input };
  }
  const walk = walkToBlur(draft.wiring, strided, plan.blurAfter);
  if (typeof walk === 'string') return `"${layer.name}" cannot be rewritten: ${walk}.`;
  const taken = draft.changes.get(walk.node)?.outputNames.has(walk.tensor) === true;
  return taken ? `The output of "${plan.blurAfter}" is blurred by another plan already.` : { ...walk, place: 'after' };
}

function denseLength(length: number | null, axis: number, window: Window, padding: ExplicitPadding | undefined): number | null {
  if (length === null || padding === undefined) return length;
  return length + (padding.begin[axis] ?? 0) + (padding.end[axis] ?? 0) - (effectiveKernel(window)[axis] ?? 1) + 1;
}

function specifyBlur(
  draft: Draft,
  plan: BlurPlan,
  place: Place,
  map: { readonly padding: ExplicitPadding; readonly mapSize: readonly (number | null)[] },
): BlurSpecification | string {
  const channels = spatialShape(draft.graph, place.tensor)?.channels ?? null;
  if (channels === null) return `"${plan.layer}" cannot be rewritten: the number of channels of "${place.tensor}" is not known.`;
  const dataType = draft.types.of(place.tensor);
  if (dataType !== elementType.float && dataType !== elementType.float16) {
    return `"${plan.layer}" cannot be rewritten: "${place.tensor}" is not known to hold float32 or float16 values, and a blur needs them.`;
  }
  const name = draft.wiring.newName(`${plan.layer}/shiftlint_blur`);
  const inner = `${name}_input`;
  const names = place.place === 'after' ? { input: inner, output: place.tensor } : { input: place.tensor, output: `${name}_output` };
  const reflects = plan.padding === 'reflect' && canReflect(map.mapSize, map.padding);
  return {
    name,
    ...names,
    channels,
    dataType,
    kernel: blurKernel(plan.filter, plan.stride),
    stride: plan.stride,
    padding: map.padding,
    mode: reflects ? 'reflect' : 'zero',
  };
}

/** Reflection needs a map that is longer than the padding, after any cropping. */
function canReflect(size: readonly (number | null)[], padding: ExplicitPadding): boolean {
  return size.every((length, axis) => {
    if (length === null) return true;
    const amounts = [padding.begin[axis] ?? 0, padding.end[axis] ?? 0];
    const cropped = amounts.reduce((rest, amount) => rest + Math.min(amount, 0), length);
    return amounts.every((amount) => amount < cropped);
  });
}

function apply(draft: Draft, prepared: PreparedPlan): void {
  const { blur, model } = { blur: prepared.blur, model: draft.model };
  const messages = encodeBlur(blur, { opset: model.opsetVersion, irVersion: model.irVersion });
  draft.initializers.push(...messages.initializers);
  changeOf(draft, prepared.strided).strideless = prepared.layerPadding;
  const anchor = changeOf(draft, prepared.node);
  if (prepared.place === 'after') {
    anchor.outputNames.set(blur.output, blur.input);
    anchor.after.push(...messages.nodes);
  } else {
    anchor.inputNames.set(blur.input, blur.output);
    anchor.before.push(...messages.nodes);
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

function describe({ plan, blur, place }: PreparedPlan): string {
  const size = blur.kernel.shape.join('x');
  const where = place === 'before' ? `before "${plan.layer}"` : `behind "${plan.blurAfter}"`;
  const fallback = blur.mode === 'zero' && plan.padding === 'reflect' ? ', since the map is too small to reflect' : '';
  const padding = `${blur.mode === 'reflect' ? 'reflect' : 'zero'} padding${fallback}`;
  return `Moved the stride ${plan.stride.join('x')} of "${plan.layer}" into a ${plan.filter.label} blur (depthwise ${size}, ${padding}) ${where}.`;
}
