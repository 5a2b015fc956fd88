import type { Dataflow } from '../../../graph/dataflow';
import type { Layer, ModelGraph } from '../../../graph/model-graph';
import { walkToBlur, type TensorReaders } from '../../../rewrite/blur-walk';
import { chooseBorder } from '../../../rewrite/border';
import type { BlurPadding, BlurPlan } from '../../../rewrite/plan';
import { fitBlur, type BlurSpecification } from '../../tfjs/fit-blur';
import { blurNodes } from './blur-nodes';
import type { BuiltNodes } from './node-builder';
import type { GraphNode } from '../read/node';

/** The file as plans are checked against it. */
export interface PatchSite {
  readonly graph: ModelGraph;
  readonly flow: Dataflow;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly readersOf: TensorReaders;
  /** A free name that starts with `wanted`, kept for the caller with all names that add `_` and more. */
  takeName(wanted: string): string;
}

/** Where the blur goes: behind `node`, which then has another name; in front of it; or in its place. */
export type BlurPosition = 'behind' | 'in front of' | 'in place of';

/** One plan worked out for this format. */
export interface PatchStep {
  readonly plan: BlurPlan;
  readonly strided: GraphNode;
  readonly position: BlurPosition;
  /** The node beside which the blur stands. */
  readonly node: GraphNode;
  readonly blur: BuiltNodes;
  /** Name of `node` from now on where the blur takes its own; else what `node` reads from now on. */
  readonly newName: string;
  readonly description: string;
}

/** Works out the nodes that one plan inserts; answers with the reason where it cannot be applied. */
export function patchStep(site: PatchSite, plan: BlurPlan): PatchStep | string {
  const layer = site.flow.layer(plan.layer);
  const strided = site.nodes.get(plan.layer);
  if (layer === undefined || strided === undefined) return `The model has no layer named "${plan.layer}".`;
  if (layer.sealed !== undefined) return cannot(layer, layer.sealed);
  if (layer.outputs.length > 1) return `"${layer.name}" has a second output (the places of its maxima), whose meaning would change.`;
  const obstacle = paddingObstacle(layer);
  if (obstacle !== undefined) return obstacle;
  const fitting = paddedPointwise(plan, layer) ? { ...plan, recipe: 'convolution-then-blur' as const } : plan;
  return fitting.recipe === 'max-then-blur' || fitting.recipe === 'convolution-then-blur'
    ? behind(site, fitting, layer, strided)
    : inFront(site, fitting, layer, strided);
}

/** The strided node gives its stride to a blur behind it; the blur takes the name, so that every tensor keeps its size. */
function behind(site: PatchSite, plan: BlurPlan, layer: Layer, strided: GraphNode): PatchStep | string {
  const after = site.flow.layer(plan.blurAfter);
  const node = site.nodes.get(plan.blurAfter);
  if (after === undefined || node === undefined) return `The model has no layer named "${plan.blurAfter}".`;
  const walk = walkToBlur(site.flow, site.readersOf, layer, plan.blurAfter);
  if (typeof walk === 'string') return cannot(layer, walk);
  const fitted = fitPlane(site, plan, layer, after);
  if (typeof fitted === 'string') return fitted;
  const prefix = site.takeName(`${node.name}/shiftlint_blur`);
  const newName = site.takeName(`${node.name}/shiftlint_dense`);
  const blur = blurNodes(fitted.specification, fitted.padding, { input: newName, output: node.name, prefix });
  const stride = fitted.specification.stride.join('x');
  const description = `"${layer.name}" now has stride ${plan.layerStride.join('x')}; a ${plan.filter.label} blur with stride ${stride} (${paddingText(fitted)}) stands behind "${node.name}" and has its name, "${newName}" is what it reads.`;
  return { plan, strided, position: 'behind', node, blur, newName, description };
}

/** A blur in front of a 1x1 convolution or of a layer that picks samples, or in the place of an average-pool. */
function inFront(site: PatchSite, plan: BlurPlan, layer: Layer, strided: GraphNode): PatchStep | string {
  const fitted = fitPlane(site, plan, layer, layer);
  if (typeof fitted === 'string') return fitted;
  const isInstead = plan.recipe === 'average-to-blur';
  const prefix = site.takeName(`${strided.name}/shiftlint_blur`);
  const newName = isInstead ? strided.name : prefix;
  const blur = blurNodes(fitted.specification, fitted.padding, { input: layer.inputs[0] ?? '', output: newName, prefix });
  return {
    plan,
    strided,
    position: isInstead ? 'in place of' : 'in front of',
    node: strided,
    blur,
    newName,
    description: describe(plan, fitted, newName),
  };
}

interface FittedPlane {
  readonly specification: BlurSpecification;
  readonly padding: BlurPadding;
}

function fitPlane({ graph }: PatchSite, plan: BlurPlan, layer: Layer, after: Layer): FittedPlane | string {
  const fitted = fitBlur(graph, plan, layer, after);
  if (!fitted.ok) return fitted.reason;
  const { specification } = fitted;
  if (specification.size.length !== 2)
    return cannot(layer, 'TensorFlow.js has a depthwise convolution, which a blur is, for maps of two spatial axes only');
  if (specification.layout === 'channels-first')
    return cannot(layer, 'its channels stand before the positions, where TensorFlow.js has no depthwise convolution');
  return { specification, padding: chooseBorder('tfjs-graph', plan.padding, specification.size, specification.padding).padding };
}

/** TensorFlow.js runs pools with SAME and VALID padding alone. */
function paddingObstacle({ name, operation }: Layer): string | undefined {
  const isPool = operation.kind === 'max-pool' || operation.kind === 'average-pool';
  if (!isPool || operation.window.padding.kind !== 'explicit') return undefined;
  return `"${name}" has explicit padding, which TensorFlow.js does not run for pools, so there is no output that a fix could keep.`;
}

/** Zero padding of a 1x1 convolution yields the bias beside the map, so there only a blur behind it is exact. */
function paddedPointwise({ recipe }: BlurPlan, { operation }: Layer): boolean {
  if (recipe !== 'blur-then-convolution' || operation.kind !== 'convolution') return false;
  const { padding } = operation.window;
  return padding.kind === 'explicit' && [...padding.begin, ...padding.end].some((amount) => amount !== 0);
}

function describe(plan: BlurPlan, fitted: FittedPlane, blur: string): string {
  const kind = `${plan.filter.label} blur`;
  const stride = fitted.specification.stride.join('x');
  switch (plan.recipe) {
    case 'average-to-blur':
      return `"${plan.layer}" is now a ${kind} with stride ${stride} (${paddingText(fitted)}), centred where its windows were.`;
    case 'blur-then-subsample':
      return `A ${kind} (${paddingText(fitted)}), "${blur}", stands in front of "${plan.layer}", which stays as it is.`;
    default:
      return `"${plan.layer}" now has stride ${plan.layerStride.join('x')}; a ${kind} with stride ${stride} (${paddingText(fitted)}), "${blur}", stands in front of it.`;
  }
}

function paddingText({ specification: { padding, size }, padding: mode }: FittedPlane): string {
  const widest = Math.max(...padding.begin, ...padding.end);
  if (widest <= 0) return 'no padding';
  if (mode !== 'reflect') return 'zero padding';
  return size.includes(null) ? `reflect padding, which needs maps longer than ${widest}` : 'reflect padding';
}

function cannot({ name }: Layer, reason: string): string {
  return `"${name}" cannot be rewritten: ${reason}.`;
}
