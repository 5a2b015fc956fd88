import type { CallKind } from '../../protocol/calls';
import type { Handler } from '../handler';
import { keptModels } from './kept-models';

/** A handler that opens models of its own, for which the memory budget is there whole: nothing else stays open. */
export function alone<Kind extends CallKind>(handler: Handler<Kind>): Handler<Kind> {
  return async (request, call) => {
    await keptModels.letGo();
    return handler(request, call);
  };
}
