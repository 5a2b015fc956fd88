import type { KnownValues } from '../../../graph/known-values';
import type { Layout, Operation, Shape } from '../../../graph/model-graph';
import type { SliceCut } from '../../../graph/rearrangement';
import { numbersOf, type Constant } from './constant';
import type { GraphNode } from '../read/node';

/** One data input of a node as far as it is known before the model runs. */
export interface OperatorInput {
  /** The tensor's name. */
  readonly name: string;
  readonly shape: Shape;
  readonly layout: Layout;
  /** Set for weights and for everything computed from weights and shapes. */
  readonly constant?: Constant;
  /** Set between SpaceToBatchND and BatchToSpaceND: the block that the former cut, one length per spatial axis. */
  readonly block?: readonly number[];
}

/** A node with its inputs looked up. */
export interface OperatorCall {
  readonly node: GraphNode;
  readonly inputs: readonly OperatorInput[];
  /** Where the channels of its maps stand. */
  readonly layout: Layout;
  /** Block of its maps, if any. @see OperatorInput.block */
  readonly block?: readonly number[];
}

/** What a node does and the shapes it writes, in order of its outputs; missing entries are unknown. */
export interface OperatorResult {
  readonly operation: Operation;
  readonly shapes: readonly Shape[];
  /** Where the channels of its outputs stand; default: where those of its inputs stand. */
  readonly layout?: Layout;
  /** Block of its outputs; default: that of its inputs. Null where it ends. */
  readonly block?: readonly number[] | null;
  /** For a slice that cuts nothing off the ends. */
  readonly cut?: SliceCut;
  /** For a slice of neighbouring positions: the padding, nowhere positive, that takes as much off a map. */
  readonly crop?: CropPadding;
}

/** Amounts per spatial axis. */
export interface CropPadding {
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** Shape of an input; undefined where it is left out or unknown. */
export function inputShape(call: OperatorCall, index: number): Shape {
  return call.inputs[index]?.shape;
}

/** Whole numbers of a constant input; undefined where they are computed while the model runs. */
export function numbersAt(call: OperatorCall, index: number): readonly number[] | undefined {
  return numbersOf(call.inputs[index]?.constant);
}

/** Whole numbers of a constant input, null where one depends on an open length. */
export function valuesAt(call: OperatorCall, index: number): KnownValues | undefined {
  return call.inputs[index]?.constant?.values;
}

/** Inputs that flow at run time. */
export function dataInputs(call: Pick<OperatorCall, 'inputs'>): readonly OperatorInput[] {
  return call.inputs.filter(({ constant }) => constant === undefined);
}

/** The result for a node that cannot be judged: its shape is unknown unless given. */
export function opaque(reason: string, ...shapes: readonly Shape[]): OperatorResult {
  return { operation: { kind: 'opaque', reason }, shapes };
}

/** The result for a node whose output has positions of its own. */
export function positional(...shapes: readonly Shape[]): OperatorResult {
  return { operation: { kind: 'positional' }, shapes };
}
