import type { CallKind, CallRequest } from './calls';
import type { SentModel } from './payload';
import type { HeldModel } from './reading';

/** Characters of a text that take a host little time to fetch and to send; a longer text goes ahead of its call, part by part. */
export const partLength = 1 << 19;
/** The same of an array of numbers, in bytes (`sent-ahead.ts`). */
export const partBytes = 1 << 19;

/** A part of the text of the model that a call, still to come, is about. */
export interface TextPart {
  readonly kind: 'part';
  /** Of the call. */
  readonly id: number;
  readonly text: string;
}

/** The text of the model in a request; none where it has no text. */
export function textOf(request: CallRequest<CallKind>): readonly string[] {
  const model = modelOf(request);
  const sent = model !== undefined && 'sent' in model ? model.sent : model;
  return sent !== undefined && sent !== null && 'text' in sent ? sent.text : [];
}

/** The same request with another text of its model, which must have one. */
export function withText<Kind extends CallKind>(request: CallRequest<Kind>, text: readonly string[]): CallRequest<Kind> {
  const model = modelOf(request);
  if (model === undefined) return request;
  const changed = 'sent' in model ? { ...model, sent: model.sent && { ...model.sent, text } } : { ...model, text };
  // Nothing but the text is another one.
  return { ...request, model: changed };
}

function modelOf(request: CallRequest<CallKind>): SentModel | HeldModel | undefined {
  return 'model' in request ? request.model : undefined;
}
