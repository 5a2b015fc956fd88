import { Worker } from 'node:worker_threads';
import { hostVariable } from '../protocol/host-variable';

/**
 * Looks for the parent once a second. Elsewhere than on Windows an orphan gets another parent; there it keeps the number of the one
 * that is gone.
 */
const watch = `
const parent = require('node:worker_threads').workerData;
const isGone = () => {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
};
setInterval(() => {
  if (isGone()) process.kill(process.pid, 'SIGKILL');
}, 1000);`;

/**
 * Ends this process within a second or two of the one that started it, whatever it is busy with: a process whose thread is in a kernel of
 * a runtime, or in a file that does not end, never comes to hear that its channel was closed. So a thread of its own watches.
 */
export function endWithParent(): void {
  const workerData = Number(process.env[hostVariable] ?? process.ppid);
  const thread = new Worker(watch, { eval: true, workerData, execArgv: [], env: {}, resourceLimits: { maxOldGenerationSizeMb: 16 } });
  thread.on('error', () => undefined);
  thread.unref();
}
