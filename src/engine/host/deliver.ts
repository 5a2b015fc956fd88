import type { CallMessage, ToProcess } from '../protocol/messages';
import { inParts } from '../protocol/sent-ahead';
import { textOf, withText } from '../protocol/parts';

/**
 * Sends a call; a long text, large arrays and long lists go ahead of it in messages of their own, so that whoever sends it never waits
 * for all of it.
 *
 * @param send resolves when the message is on its way @param isWanted asked before every message
 */
export async function deliver(call: CallMessage, send: (message: ToProcess) => Promise<void>, isWanted: () => boolean): Promise<void> {
  for (const message of messagesOf(call)) {
    if (!isWanted()) return;
    await send(message);
  }
}

function* messagesOf(call: CallMessage): Generator<ToProcess> {
  const parts = textOf(call.request);
  if (parts.length <= 1) {
    yield* inParts(call);
    return;
  }
  for (const text of parts) yield { kind: 'part', id: call.id, text };
  yield* inParts({ ...call, request: withText(call.request, []) } as CallMessage);
}
