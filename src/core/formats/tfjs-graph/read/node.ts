import { base64Decode } from '@bufbuild/protobuf/wire';
import type { Dimension, Shape } from '../../../graph/model-graph';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../tfjs/json';

/** A tensor that a node reads. */
export interface NodeInput {
  /** Name of the node that gives it. */
  readonly node: string;
  /** Which of that node's outputs. */
  readonly output: number;
  /** Index in the node's own list of inputs, where control inputs count too. */
  readonly place: number;
}

/** One node of a GraphDef as its JSON says it. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Data inputs; control inputs (`^name`) are left out. */
  readonly inputs: readonly NodeInput[];
  readonly attributes: JsonObject;
  /** Index in `modelTopology.node`. */
  readonly index: number;
}

/** Name of a tensor: the node's, with `:n` for outputs after the first. */
export function tensorName(node: string, output: number): string {
  return output === 0 ? node : `${node}:${output}`;
}

/** Reads `node`, `node:1` or `node:name:1`; undefined for a control input. */
export function parseInput(text: string, place: number): NodeInput | undefined {
  if (text.startsWith('^')) return undefined;
  const parts = text.split(':');
  const output = parts.length === 1 ? 0 : Number(parts.at(-1));
  return { node: parts[0] ?? '', output: Number.isSafeInteger(output) ? output : 0, place };
}

function attribute(node: GraphNode, name: string): JsonObject {
  const value = node.attributes[name];
  return isJsonObject(value) ? value : {};
}

function listOf(node: GraphNode, name: string, kind: 'i' | 's'): readonly Json[] | undefined {
  const { list } = attribute(node, name);
  const values = isJsonObject(list) ? list[kind] : undefined;
  return isJsonArray(values) ? values : undefined;
}

/** A list of integers; undefined where the attribute is absent or empty. */
export function integersOf(node: GraphNode, name: string): readonly number[] | undefined {
  const values = listOf(node, name, 'i')?.map(integer);
  return values?.every((value) => value !== undefined) === true && values.length > 0 ? values : undefined;
}

/** An integer or its default. */
export function integerOf(node: GraphNode, name: string, fallback: number): number {
  return integer(attribute(node, name)['i']) ?? fallback;
}

/** A truth value; false where the attribute is absent. */
export function flagOf(node: GraphNode, name: string): boolean {
  return attribute(node, name)['b'] === true;
}

/** A text; undefined where the attribute is absent. */
export function textOf(node: GraphNode, name: string): string | undefined {
  return text(attribute(node, name)['s']);
}

/** A list of texts; empty where the attribute is absent. */
export function textsOf(node: GraphNode, name: string): readonly string[] {
  return (listOf(node, name, 's') ?? []).flatMap((value) => text(value) ?? []);
}

/** The shape under `shape`; undefined where it is absent or of unknown rank. */
export function declaredShape(node: GraphNode): Shape {
  return shapeOf(attribute(node, 'shape')['shape']);
}

/** The shape of a constant's value. */
export function constantShape(node: GraphNode): Shape {
  const { tensor } = attribute(node, 'value');
  return isJsonObject(tensor) ? shapeOf(tensor['tensorShape'] ?? {}) : undefined;
}

/** `{dim: [{size}]}`: sizes below zero are open, no dimensions mean a scalar. */
export function shapeOf(value: Json | undefined): Shape {
  if (!isJsonObject(value) || value['unknownRank'] === true) return undefined;
  const { dim } = value;
  if (dim === undefined) return [];
  if (!isJsonArray(dim)) return undefined;
  return dim.map((entry): Dimension => {
    const size = isJsonObject(entry) ? (integer(entry['size']) ?? null) : null;
    return size === null || size < 0 ? null : size;
  });
}

/** Protobuf's JSON writes 64-bit integers as texts. */
function integer(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** Protobuf's JSON writes bytes in base64; early converters wrote lists of character codes. */
function text(value: Json | undefined): string | undefined {
  if (isJsonArray(value)) return String.fromCharCode(...value.filter((code) => typeof code === 'number').slice(0, 1024));
  if (typeof value !== 'string') return undefined;
  try {
    return String.fromCharCode(...base64Decode(value).subarray(0, 1024));
  } catch {
    return undefined;
  }
}
