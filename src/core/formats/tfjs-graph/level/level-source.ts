import { t } from '@vscode/l10n';
import type { LevelPlan } from '../../../equivariance/contracts';
import type { AxisPair, ModelGraph, Operation } from '../../../graph/model-graph';
import { mapSize } from '../../../graph/period';
import { ModelError } from '../../../model-error';
import type { GraphDef } from '../read/graph-def';
import { tensorName, type GraphNode } from '../read/node';

/** The type of feeds and feature maps. */
export const float = 'DT_FLOAT';

/** A model and the plan whose levels are cut out of it, looked up by name. */
export interface LevelSource {
  readonly graph: ModelGraph;
  readonly plan: LevelPlan;
  readonly path: string;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** What the layer of a name does. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** Starts the names of our own nodes; no node of the model is called like that. */
  readonly prefix: string;
}

/** Indexes a model for the levels that are cut out of it. */
export function levelSource({ nodes }: GraphDef, graph: ModelGraph, plan: LevelPlan, path: string): LevelSource {
  return {
    graph,
    plan,
    path,
    nodes: new Map(nodes.map((node) => [node.name, node])),
    operations: new Map(graph.layers.map(({ name, operation }) => [name, operation])),
    prefix: freePrefix(nodes),
  };
}

function freePrefix(nodes: readonly GraphNode[]): string {
  let prefix = 'shiftlint_wrap';
  while (nodes.some(({ name }) => name.startsWith(prefix))) prefix = `${prefix}_`;
  return prefix;
}

/** A node that the plan or another node names. */
export function nodeOf({ nodes }: LevelSource, name: string): GraphNode {
  const node = nodes.get(name);
  if (node === undefined) throw new Error(`The plan names a node "${name}" that the model lacks.`);
  return node;
}

/** Type of a tensor that a level is fed: inputs of the model may be of any type; feature maps are float32. */
export function inputType({ nodes }: LevelSource, tensor: string): string {
  const node = nodes.get(tensor);
  const dtype = node?.op === 'Placeholder' ? (node.attributes['dtype'] as { readonly type?: unknown } | undefined)?.type : undefined;
  return typeof dtype === 'string' ? dtype : float;
}

/** Height and width of the map that a node reads. @param place among its inputs */
export function sizeOfInput({ plan }: LevelSource, { inputs }: GraphNode, place: number): AxisPair {
  const input = inputs[place];
  const tensor = input === undefined ? '' : tensorName(input.node, input.output);
  return mapSize(plan.input.size, plan.strides.get(tensor) ?? [1, 1]);
}

/** The error for a node that no level can run. @param clause what it does, to stand behind its name */
export function unsupportedNode({ path }: LevelSource, { op, name }: GraphNode, clause: string): ModelError {
  return new ModelError(
    'unsupported',
    t`The ${op} node "${name}" of "${path}" ${clause}, which cannot be measured. Export the model with fixed shapes.`,
  );
}
