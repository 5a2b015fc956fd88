import type { CallKind, CallProgress, CallRequest, CallResult } from './calls';
import type { EngineErrorCode } from './engine-error';
import type { TextPart } from './parts';
import type { PartAhead } from './sent-ahead';

/** A call on its way; `id` tells it from others of the same process. */
export type CallMessage<Kind extends CallKind = CallKind> = {
  [Each in Kind]: { readonly kind: 'call'; readonly id: number; readonly call: Each; readonly request: CallRequest<Each> };
}[Kind];

/** Host to engine process. */
export type ToProcess = CallMessage | TextPart | PartAhead | { readonly kind: 'cancel'; readonly id: number };

/** What a process tells of a run of a model, so that one that hangs is found out; `run` tells it from others of the same process. */
export type RunTold =
  { readonly kind: 'run-began'; readonly run: number; readonly limitMs: number } | { readonly kind: 'run-ended'; readonly run: number };

/** An answer to a call, or how the call goes on. A call ends with exactly one of `result`, `failed`, `cancelled`. */
export type CallAnswer =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: CallProgress<CallKind> }
  | { readonly kind: 'result'; readonly id: number; readonly result: CallResult<CallKind> }
  | { readonly kind: 'failed'; readonly id: number; readonly code: EngineErrorCode; readonly message: string; readonly stack?: string }
  | { readonly kind: 'cancelled'; readonly id: number };

/** Engine process to host. */
export type FromProcess = CallAnswer | PartAhead | RunTold;
