import type { CallMessage, ToProcess } from '../protocol/messages';
import { textOf, withText } from '../protocol/parts';

/**
 * Sends a call; a long text goes ahead of it in messages of their own, so that whoever sends it never waits for all of it.
 *
 * @param send resolves when the message is on its way @param isWanted asked before every message
 */
export async function deliver(call: CallMessage, send: (message: ToProcess) => Promise<void>, isWanted: () => boolean): Promise<void> {
  const parts = textOf(call.request);
  if (parts.length <= 1) {
    await send(call);
    return;
  }
  for (const text of parts) {
    if (!isWanted()) return;
    await send({ kind: 'part', id: call.id, text });
  }
  if (isWanted()) await send({ ...call, request: withText(call.request, []) } as CallMessage);
}
