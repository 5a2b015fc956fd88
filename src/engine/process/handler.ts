import type { CancellationProbe } from '../../core/equivariance/walk/circular-model';
import type { CallKind, CallProgress, CallRequest, CallResult } from '../protocol/calls';

/** The call that is served: whether it has been cancelled, and who hears how it goes on. */
export interface ServedCall<Kind extends CallKind> extends CancellationProbe {
  readonly report: (progress: CallProgress<Kind>) => void;
}

/**
 * Serves one kind of call.
 * @returns undefined where it was cancelled
 * @throws ModelError where the model or the input cannot be used
 */
export type Handler<Kind extends CallKind> = (request: CallRequest<Kind>, call: ServedCall<Kind>) => Promise<CallResult<Kind> | undefined>;

/** A handler for every call of a process: one that is missing is a type error. */
export type Handlers<Kinds extends CallKind> = { readonly [Kind in Kinds]: Handler<Kind> };
