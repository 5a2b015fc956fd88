import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';

/** Counts up, so that every number tells its place. */
const counting = (shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): tf.Tensor => {
  const length = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Array.from({ length }, (_, place) => place),
    [...shape],
    dtype,
  );
};

/** Shape, where a box begins, and its lengths: whole axes in front, behind, between, and none. */
const boxes: readonly (readonly [number[], number[], number[]])[] = [
  [[7], [2], [4]],
  [[7], [0], [7]],
  [
    [5, 6],
    [1, 2],
    [3, 4],
  ],
  [
    [5, 6],
    [2, 0],
    [1, 6],
  ],
  [
    [2, 5, 6, 3],
    [0, 1, 0, 0],
    [2, 1, 6, 3],
  ],
  [
    [2, 5, 6, 3],
    [0, 0, 4, 0],
    [2, 5, 2, 3],
  ],
  [
    [2, 5, 6, 3],
    [1, 1, 2, 1],
    [1, 3, 4, 2],
  ],
  [
    [2, 5, 6, 3],
    [0, 2, 0, 1],
    [2, 2, 6, 1],
  ],
  [
    [2, 5, 6, 3],
    [0, 0, 0, 0],
    [2, 5, 6, 3],
  ],
  [
    [2, 3, 4, 2, 3],
    [1, 0, 1, 0, 0],
    [1, 3, 2, 2, 3],
  ],
  [
    [2, 3, 4],
    [0, 1, 0],
    [2, 0, 4],
  ],
];

describe('the slice that stays within the memory of the WASM backend', () => {
  let onWasm = false;
  beforeAll(async () => {
    onWasm = (await createTfjsEngine()).backend.includes('WASM');
  });

  it.each(boxes)('cuts of %j at %j a box of %j as the plain backend does, and leaves no memory behind', async (shape, begin, size) => {
    if (!onWasm) return;
    for (const type of ['float32', 'int32'] as const) {
      const cut = (): { readonly values: number[]; readonly shape: number[] } =>
        tf.tidy(() => {
          const result = tf.slice(counting(shape, type), begin, size);
          return { values: [...result.dataSync()], shape: result.shape };
        });
      await tf.setBackend('cpu');
      const expected = cut();
      await tf.setBackend('wasm');
      const before = [tf.memory().numTensors, tf.backend().numDataIds()];
      expect(cut()).toEqual(expected);
      expect([tf.memory().numTensors, tf.backend().numDataIds()]).toEqual(before);
    }
  });

  it('never copies the whole tensor out', async () => {
    if (!onWasm) return;
    await tf.setBackend('wasm');
    const backend = tf.backend();
    const read = backend.readSync.bind(backend);
    const map = counting([1, 20, 20, 4]);
    const seen: unknown[] = [];
    backend.readSync = (dataId) => {
      seen.push(dataId);
      return read(dataId);
    };
    try {
      tf.slice(map, [0, 1, 0, 0], [1, 1, 20, 4]).dispose();
      expect(seen).toEqual([]);
    } finally {
      backend.readSync = read;
      map.dispose();
    }
  });

  it('leaves strings to the slice that was there', async () => {
    if (!onWasm) return;
    await tf.setBackend('wasm');
    expect(tf.tidy(() => [...tf.slice(tf.tensor1d(['a', 'b', 'c']), [1], [2]).dataSync()])).toEqual(['b', 'c']);
  });
});
