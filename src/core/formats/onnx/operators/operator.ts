import type { JoinKind } from '../../../graph/activation-chains';
import type { KnownValues } from '../../../graph/known-values';
import type { AxisFlow } from '../../../graph/model-graph';
import type { OperatorCall, OperatorResult } from './call';
import type { Constant } from './constants';
import type { FoldedCall } from './folded-call';
import type { ResultType } from './result-type';

/** Operator sets that Shiftlint knows: the standard one, and ONNX Runtime's own. */
export type OperatorDomain = '' | 'com.microsoft' | 'com.microsoft.nchwc';

/** What a node does and the shapes it writes. */
export type OperatorRule = (call: OperatorCall) => OperatorResult;

/** What a node does with the axes of its tensors; undefined where they are not known. @param rank of its first input */
export type AxisFlowRule = (call: OperatorCall, rank: number) => AxisFlow | undefined;

/** The values of an output whose inputs are known before the model runs; undefined where they cannot be computed. */
export type FoldRule = (folded: FoldedCall) => KnownValues | undefined;

/** All that Shiftlint knows of an operator, in every version from operator set 1 on. */
export interface OnnxOperator {
  /** Operators that differ in nothing that is looked at. */
  readonly names: readonly string[];
  /** Default: the standard operator set. */
  readonly domains?: readonly OperatorDomain[];
  readonly infer: OperatorRule;
  /** True for one that reads channels at axis 1 wherever they stand: behind a transpose it takes positions for channels. */
  readonly readsChannelsFirst?: true;
  /** Default: one that treats each value of its only input alone keeps every axis, of others nothing is known. */
  readonly axisFlow?: AxisFlowRule;
  readonly fold?: FoldRule;
  /** In place of `fold`, for operators that make constants of what their node says. */
  readonly constant?: (call: OperatorCall) => Constant;
  /** Default: that of the first input. */
  readonly resultType?: ResultType;
  /** Of the outputs behind the first, in order; default: that of the first. */
  readonly furtherTypes?: readonly number[];
  /** Where a node that quantizes to a fixed scale has that scale and the zero point among its inputs. */
  readonly quantizesBy?: readonly [scale: number, zeroPoint: number];
  /** True where values of one image depend on the others of its batch. */
  readonly mixesImages?: true;
  /** True where the result does not depend on the pixels even if the input does. */
  readonly readsOnlyShape?: true;
  /** True where the values are new each time, whatever the inputs are. */
  readonly givesNoise?: true;
  /** For operators that may end an activation which a model spells out. */
  readonly joins?: JoinKind;
  /** True for what models do to an image before they move its channels. */
  readonly preparesPixels?: true;
}
