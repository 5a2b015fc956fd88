import type { CallKind, CallProgress, CallRequest, CallResult } from './calls';
import type { EngineErrorCode } from './engine-error';

/** A call on its way; `id` tells it from others of the same process. */
export type CallMessage<Kind extends CallKind = CallKind> = {
  [Each in Kind]: { readonly kind: 'call'; readonly id: number; readonly call: Each; readonly request: CallRequest<Each> };
}[Kind];

/** Host to engine process. */
export type ToProcess = CallMessage | { readonly kind: 'cancel'; readonly id: number };

/** Engine process to host. A call ends with exactly one of `result`, `failed`, `cancelled`. */
export type FromProcess =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: CallProgress<CallKind> }
  | { readonly kind: 'result'; readonly id: number; readonly result: CallResult<CallKind> }
  | { readonly kind: 'failed'; readonly id: number; readonly code: EngineErrorCode; readonly message: string }
  | { readonly kind: 'cancelled'; readonly id: number };
