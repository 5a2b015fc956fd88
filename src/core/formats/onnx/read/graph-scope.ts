import type { SliceCut } from '../../../graph/rearrangement';
import type { Layer, Tensor } from '../../../graph/model-graph';
import type { Constant } from '../operators/constants';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxValueInfo } from '../wire/structure';

/** Reads nodes in order: notes what they write and adds their layers. `nameOf` gives a layer's name by the node's index. */
export type NodeReader = (reading: Reading, scope: Scope, nodes: readonly OnnxNode[], nameOf: (index: number) => string) => void;

/** What is known while the nodes are walked in order. */
export interface Reading {
  readonly model: OnnxModel;
  /** Reads the nodes of a body too: nodes hold bodies, which hold nodes. */
  readonly readNodes: NodeReader;
  /** The file, for messages. */
  readonly path: string;
  readonly layers: Layer[];
  readonly tensors: Map<string, Tensor>;
  readonly layerNames: UniqueNames;
  readonly tensorNames: UniqueNames;
  /** Slices by the tensor they write. */
  readonly slices: Map<string, SliceCut>;
  /** Orders of axes by the tensor that a transpose writes. */
  readonly orders: Map<string, readonly number[]>;
  /** Nodes that bodies of functions may still add. */
  budget: number;
}

/** The main graph, the body of an If, Loop or Scan, or a function that is being called: where names have a meaning. */
export interface Scope {
  /** Values by the name that nodes here use: a constant, or the name of a tensor in the graph. */
  readonly values: Map<string, Constant | string>;
  /** Bodies see what is around them; functions do not. */
  readonly outer?: Scope;
  readonly declared: ReadonlyMap<string, OnnxValueInfo>;
  /** Version of the standard operator set. */
  readonly opset: number;
  /** Inputs of a function that its call leaves out. */
  readonly missing?: ReadonlySet<string>;
  /** Attributes of the call, for a function's body. */
  readonly attributes?: ReadonlyMap<string, OnnxAttribute>;
  /** Put before the names of layers and tensors; empty in the main graph. */
  readonly prefix: string;
  /** Names in the graph for tensors that leave the scope. */
  readonly exports: ReadonlyMap<string, string>;
  /** Why nothing here can be rewritten. */
  readonly sealed?: string;
}

/** The value of a name here or around; undefined where nothing provides it. */
export function valueIn(scope: Scope, name: string): Constant | string | undefined {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.outer) {
    const value = current.values.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** True for an input that the call of the function around leaves out. */
export function isLeftOut(scope: Scope, name: string): boolean {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.outer) {
    if (current.values.has(name)) return false;
    if (current.missing?.has(name) === true) return true;
  }
  return name === '';
}

/** Weights by name. */
export function initialConstants(graph: OnnxGraph): Map<string, Constant> {
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializers) {
    constants.set(tensor.name, { shape: tensor.dims, tensor, type: tensor.dataType });
  }
  for (const tensor of graph.sparseInitializers) constants.set(tensor.name, { shape: undefined, type: 0 });
  return constants;
}

/** What a graph says of its tensors, by name. */
export function declaredTensors(infos: readonly OnnxValueInfo[]): Map<string, OnnxValueInfo> {
  return new Map(infos.map((info) => [info.name, info]));
}

/** Names that are given out once. */
export class UniqueNames {
  private readonly taken: Set<string>;
  private readonly copies = new Map<string, number>();

  constructor(taken: Iterable<string>) {
    this.taken = new Set(taken);
  }

  /** The name itself, or with `#2`, `#3`, … where it is taken. */
  take(wanted: string): string {
    let name = wanted;
    while (this.taken.has(name)) {
      const copy = (this.copies.get(wanted) ?? 1) + 1;
      this.copies.set(wanted, copy);
      name = `${wanted}#${copy}`;
    }
    this.taken.add(name);
    return name;
  }
}

/** A node with the attributes that it takes from the call of the function it stands in. */
export function withCallAttributes(node: OnnxNode, scope: Scope): OnnxNode {
  const { attributes: given } = scope;
  if (given === undefined || ![...node.attributes.values()].some(({ reference }) => reference !== undefined)) return node;
  const attributes = new Map<string, OnnxAttribute>();
  for (const [name, attribute] of node.attributes) {
    const value = attribute.reference === undefined ? attribute : given.get(attribute.reference);
    if (value !== undefined) attributes.set(name, { ...value, name });
  }
  return { ...node, attributes };
}
