import type { Layout, Operation, Shape } from '../../../graph/model-graph';
import { numbersOf, type Constant } from './constants';
import type { OnnxNode } from '../wire/proto';

/** One input of a node as far as it is known before the model runs. */
export interface OperatorInput {
  readonly name: string;
  readonly shape: Shape;
  /** Set where the channels stand last, behind a transpose. */
  readonly layout?: Layout;
  /** Set for weights and for everything computed from weights and shapes. */
  readonly constant?: Constant;
}

/** A node with its inputs looked up. */
export interface OperatorCall {
  readonly node: OnnxNode;
  /** Version of the standard operator set. */
  readonly opset: number;
  /** In the node's order; undefined where an optional input is left out. */
  readonly inputs: readonly (OperatorInput | undefined)[];
  /** Where the channels of its maps stand. */
  readonly layout: Layout;
}

/** What a node does and the shapes it writes, in order of its outputs; missing entries are unknown. */
export interface OperatorResult {
  readonly operation: Operation;
  readonly shapes: readonly Shape[];
  /** Where the channels of its outputs stand; default: where those of its inputs stand. */
  readonly layout?: Layout;
  /** For a slice that cuts nothing off the ends: where it starts and steps along all axes of its input. */
  readonly cut?: { readonly start: readonly number[]; readonly step: readonly number[] };
  /** For a transpose: the axis of the input that stands at each place of the output. */
  readonly order?: readonly number[];
}

/** Integer attribute or its default. */
export function intAttribute(call: OperatorCall, name: string, fallback: number): number {
  return call.node.attributes.get(name)?.int ?? fallback;
}

/** Integer list; undefined where the attribute is absent. */
export function intsAttribute(call: OperatorCall, name: string): readonly number[] | undefined {
  return call.node.attributes.get(name)?.ints;
}

/** A list given as an attribute in older operator sets and as a constant input in newer ones. */
export function listArgument(call: OperatorCall, name: string, inputIndex: number): readonly number[] | undefined {
  return intsAttribute(call, name) ?? numbersOf(call.inputs[inputIndex]?.constant);
}

/** Text attribute or its default. */
export function textAttribute(call: OperatorCall, name: string, fallback: string): string {
  return call.node.attributes.get(name)?.text ?? fallback;
}

/** Shape of an input; undefined where it is left out or unknown. */
export function inputShape(call: OperatorCall, index: number): Shape {
  return call.inputs[index]?.shape;
}

/** Inputs that flow at run time. */
export function dataInputs(call: Pick<OperatorCall, 'inputs'>): readonly OperatorInput[] {
  return call.inputs.filter((input) => input !== undefined).filter((input) => input.constant === undefined);
}

/** The result for a node that cannot be judged: its shape is unknown unless given. */
export function opaque(reason: string, shape?: Shape): OperatorResult {
  return { operation: { kind: 'opaque', reason }, shapes: [shape] };
}
