import type { CallKind, CallProgress, CallRequest, CallResult } from '../../../src/engine/protocol/calls';
import { handlers } from '../../../src/engine/process/calls/index';
import type { ReadingKind } from '../../../src/engine/protocol/reading';
import type { Handler } from '../../../src/engine/process/handler';

/** What runs a model. */
type RunningKind = Exclude<CallKind, ReadingKind>;

/** What came of a call: everything it told, and its result; undefined where it was cancelled. */
export interface Served<Kind extends CallKind> {
  readonly progress: readonly CallProgress<Kind>[];
  readonly result: CallResult<Kind> | undefined;
}

/**
 * Serves a call in this process, as the engine process would.
 * @param cancelAt how many times it may tell how it goes on before it is cancelled
 */
export async function serve<Kind extends RunningKind>(
  kind: Kind,
  request: CallRequest<NoInfer<Kind>>,
  cancelAt?: number,
): Promise<Served<Kind>> {
  const progress: CallProgress<Kind>[] = [];
  const call = {
    cancelled: cancelAt === 0,
    report: (told: CallProgress<Kind>): void => {
      progress.push(told);
      if (progress.length === cancelAt) call.cancelled = true;
    },
  };
  const handler: Handler<Kind> = handlers[kind];
  const result = await handler(request, call);
  return { progress, result };
}

/** The result of a call that nobody cancels. */
export async function answer<Kind extends RunningKind>(kind: Kind, request: CallRequest<NoInfer<Kind>>): Promise<CallResult<Kind>> {
  const { result } = await serve(kind, request);
  if (result === undefined) throw new Error(`"${kind}" was cancelled by nobody`);
  return result;
}
