import type { Shape } from '../../../graph/model-graph';
import type { OperatorCall } from './call';
import { longestList, type Constant } from './constant';
import { operatorOf } from './table';

/** What a node gives whose inputs are constants or only matter by their shape. @param shape of that output */
export function foldNode(call: OperatorCall, shape: Shape, output: number): Constant {
  const operator = operatorOf(call.node);
  const passedOn = operator?.constant?.(call);
  if (passedOn !== undefined) return passedOn;
  const values = output === 0 ? operator?.fold?.(call, shape) : undefined;
  return values === undefined || values.length > longestList ? { shape } : { shape, values };
}
