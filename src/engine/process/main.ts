import { isMainThread } from 'node:worker_threads';
import type { FromProcess, ToProcess } from '../protocol/messages';
import { serveLevels } from '../runtimes/tfjs/level-worker';
import { CallQueue } from './call-queue';
import { handlers } from './calls/index';
import { describeFailure } from './failure';

/** Entry of the engine process: takes calls over the IPC channel (advanced serialization) and answers over it. */
const queue = new CallQueue(handlers, (message) => {
  process.send?.(message);
});

/** After an error that nobody caught the process is in an unknown state: it reports and ends; the client starts a new one. */
function fail(error: unknown): void {
  const id = queue.servedId;
  if (id === undefined || process.send === undefined) process.exit(1);
  const message: FromProcess = { kind: 'failed', id, ...describeFailure(error) };
  process.send(message, () => process.exit(1));
}

/** The same file serves as worker thread of the TensorFlow.js engine. */
if (isMainThread) {
  process.on('message', (message) => {
    queue.receive(message as ToProcess);
  });
  process.on('disconnect', () => process.exit(0));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
} else {
  serveLevels();
}
