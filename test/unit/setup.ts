import { setImmediate as turn } from 'node:timers/promises';
import { afterEach } from 'vitest';
import { seededRandom } from '../../src/core/consistency/random';

/**
 * Chance repeats itself: weights that a test lets TensorFlow.js draw without a seed are the same in every run of its file, so
 * that no network has a dead ReLU, and no test fails, on some days alone.
 */
Math.random = seededRandom(1, 'weights');

// Tests that never wait would keep the process from hearing its parent for as long as their whole file takes.
afterEach(() => turn());
