import type { CallKind } from '../protocol/calls';
import { inParts } from '../protocol/sent-ahead';
import type { CallAnswer, ToProcess } from '../protocol/messages';
import { CallQueue } from './call-queue';
import { endWithParent } from './end-with-parent';
import type { Failure } from './failure';
import type { Handlers } from './handler';

/**
 * Takes calls over the IPC channel (advanced serialization) of this process and answers over it, until the host is gone.
 * @param describe what is told of an error
 */
export function serve(handlers: Partial<Handlers<CallKind>>, describe: (error: unknown) => Failure): void {
  const send = (message: CallAnswer): void => {
    for (const part of inParts(message)) process.send?.(part);
  };
  const queue = new CallQueue(handlers, send, describe);
  /** After an error that nobody caught the process is in an unknown state: it reports and ends; the client starts a new one. */
  const fail = (error: unknown): void => {
    const id = queue.servedId;
    if (id === undefined || process.send === undefined) process.exit(1);
    const message: CallAnswer = { kind: 'failed', id, ...describe(error) };
    process.send(message, () => process.exit(1));
  };
  process.on('message', (message) => {
    queue.receive(message as ToProcess);
  });
  process.on('disconnect', () => process.exit(0));
  endWithParent();
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
}
