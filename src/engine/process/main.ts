import './language';
import { isMainThread } from 'node:worker_threads';
import { serveLevels } from '../runtimes/tfjs/level-worker';
import { handlers } from './calls/index';
import { describeFailure } from './failure';
import { tellRuns } from './model/run-watch';
import { serve } from './serve';

/** Entry of the process that runs models. The same file serves as worker thread of the TensorFlow.js engine. */
if (isMainThread) {
  tellRuns((told) => process.send?.(told));
  serve(handlers, describeFailure);
} else {
  serveLevels();
}
