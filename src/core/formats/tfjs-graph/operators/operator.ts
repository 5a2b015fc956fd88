import type { JoinKind } from '../../../graph/activation-chains';
import type { KnownValues } from '../../../graph/known-values';
import type { AxisFlow, Shape } from '../../../graph/model-graph';
import type { KernelKind } from '../../tfjs/kernel-evidence';
import type { OperatorCall, OperatorResult } from './call';
import type { Constant } from './constant';

/** What a node does and the shapes it writes. */
export type OperatorRule = (call: OperatorCall) => OperatorResult;

/** What a node does with the axes of its tensors; undefined where they are not known. @param rank of its first input */
export type AxisFlowRule = (call: OperatorCall, rank: number) => AxisFlow | undefined;

/** The whole numbers that a node's first output holds, where they are known before the model runs. @param shape of that output */
export type FoldRule = (call: OperatorCall, shape: Shape) => KnownValues | undefined;

/** All that Shiftlint knows of an operator. */
export interface GraphOperator {
  /** Operators that differ in nothing that is looked at. */
  readonly names: readonly string[];
  readonly infer: OperatorRule;
  /** Default: one that treats each value of its only input alone keeps every axis, of others nothing is known. */
  readonly axisFlow?: AxisFlowRule;
  readonly fold?: FoldRule;
  /** In place of `fold`, for operators that pass a constant on as it is. */
  readonly constant?: (call: OperatorCall) => Constant | undefined;
  /** True where the result follows from the shape of the input alone. */
  readonly readsOnlyShape?: true;
  /** How the weights of a convolution are laid out. */
  readonly kernel?: KernelKind;
  /** For operators that may end an activation which a model spells out. */
  readonly joins?: JoinKind;
  /** True for what models do to an image before they move its channels. */
  readonly preparesPixels?: true;
}
