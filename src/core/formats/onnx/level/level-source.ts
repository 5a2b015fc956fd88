import { t } from '@vscode/l10n';
import type { LevelPlan } from '../../../equivariance/contracts';
import type { AxisPair, ModelGraph, Operation } from '../../../graph/model-graph';
import { mapSize } from '../../../graph/period';
import { ModelError } from '../../../model-error';
import { layerNames } from '../read/layer-names';
import { withoutBrainFloats } from './brain-floats';
import type { OnnxModel, OnnxNode } from '../wire/proto';
import { rawSize } from '../wire/tensor-values';
import { valueTypes, type ValueTypes } from '../read/element-types';

/** Starts the names of our own tensors. */
export const ownPrefix = 'shiftlint/wrap';

/** A model and the plan whose levels are cut out of it, looked up by name. */
export interface LevelSource {
  readonly model: OnnxModel;
  readonly graph: ModelGraph;
  readonly plan: LevelPlan;
  readonly path: string;
  /** Index of the node that a layer is. */
  readonly nodeOf: ReadonlyMap<string, number>;
  /** Index of the node that computes a tensor. */
  readonly producerOf: ReadonlyMap<string, number>;
  /** Types of the tensors' values. */
  readonly values: ValueTypes;
  /** What a layer does. */
  readonly operationOf: ReadonlyMap<string, Operation>;
  /** Within one level: tensors of half precision that it is fed, by the name under which they come as float32. */
  readonly fedWide?: ReadonlyMap<string, string>;
}

const protobufLimit = 2 ** 31 - 1;

/** @throws ModelError `unsupported` where an image is no tensor of numbers, `too-large` */
export function levelSource(file: OnnxModel, graph: ModelGraph, plan: LevelPlan, path: string): LevelSource {
  const model = withoutBrainFloats(file);
  if (model.layout.fileSize > protobufLimit) {
    throw new ModelError('too-large', t`"${path}" is larger than 2 GB, more than a runtime loads from memory.`);
  }
  const values = valueTypes(model);
  for (const { tensor } of plan.input.images) {
    if (isNumeric(values.types.get(tensor))) continue;
    throw new ModelError('unsupported', t`The input "${tensor}" of "${path}" takes no numbers, so no picture can be put in.`);
  }
  const { nodes } = model.graph;
  const names = layerNames(model.graph);
  return {
    model,
    graph,
    plan,
    path,
    values,
    nodeOf: new Map(nodes.map((node, index) => [names[index] ?? node.name, index])),
    producerOf: new Map(nodes.flatMap(({ outputs }, index) => outputs.map((output) => [output, index] as const))),
    operationOf: new Map(graph.layers.map(({ name, operation }) => [name, operation])),
  };
}

/** The node of a layer that the plan names. */
export function nodeIndexOf({ nodeOf }: LevelSource, layer: string): number {
  const index = nodeOf.get(layer);
  if (index === undefined) throw new Error(`The plan names layer ${layer}, which the model does not have.`);
  return index;
}

/** Height and width of a map of the circular network. */
export function mapSizeOf({ plan: { input, strides } }: LevelSource, tensor: string): AxisPair {
  return mapSize(input.size, strides.get(tensor) ?? [1, 1]);
}

/** Undefined where the model does not tell. */
export function channelsOf({ graph }: LevelSource, tensor: string): number | undefined {
  return graph.tensors.get(tensor)?.shape?.[1] ?? undefined;
}

/** True for types that runtimes cast a picture to. */
function isNumeric(type: number | undefined): boolean {
  return type === undefined || rawSize(type) !== undefined;
}

/** The error for a node that no level can run. @param clause what it does, to stand behind its name */
export function unsupportedNode({ path }: LevelSource, node: OnnxNode, clause: string): ModelError {
  const name = node.name || node.outputs[0] || node.opType;
  return new ModelError(
    'unsupported',
    t`The ${node.opType} node "${name}" of "${path}" ${clause}, which cannot be measured. Export the model with fixed shapes.`,
  );
}
