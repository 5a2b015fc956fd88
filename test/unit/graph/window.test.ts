import { describe, expect, it } from 'vitest';
import type { Padding } from '../../../src/core/graph/model-graph';
import { resolvePadding, windowOutputSize } from '../../../src/core/graph/window';
import { window } from '../graph-builder';

const explicit = (begin: number, end: number): Padding => ({ kind: 'explicit', begin: [begin, begin], end: [end, end] });

describe('windowOutputSize', () => {
  it.each([
    // kernel, stride, padding, ceil, length, output
    [2, 2, { kind: 'valid' }, false, 7, 3],
    [2, 2, { kind: 'same-upper' }, false, 7, 4],
    [3, 2, explicit(1, 1), false, 32, 16],
    [3, 2, explicit(1, 1), false, 33, 17],
    [3, 2, explicit(0, 0), true, 112, 56],
    [2, 2, explicit(0, 0), true, 7, 4],
    // The last window would start in the end padding, so it is dropped (ONNX MaxPool).
    [2, 2, explicit(1, 1), true, 7, 4],
    [7, 2, explicit(3, 3), false, 224, 112],
  ] as const)('kernel %i stride %i padding %o ceil %s on %i gives %i', (kernel, stride, padding, ceilMode, length, expected) => {
    expect(windowOutputSize(window(kernel, stride, { padding, ceilMode }), [length, length])).toEqual([expected, expected]);
  });

  it('is open where the input is', () => {
    expect(windowOutputSize(window(3, 2), [null, 8])).toEqual([null, 4]);
  });
});

describe('resolvePadding', () => {
  it.each([
    // TensorFlow's SAME: kernel 3, stride 2 pads 0 + 1 on even sizes and 1 + 1 on odd ones.
    [3, 2, 'same-upper', 8, 0, 1],
    [3, 2, 'same-upper', 9, 1, 1],
    [3, 2, 'same-lower', 8, 1, 0],
    [2, 2, 'same-upper', 7, 0, 1],
    [2, 1, 'same-lower', 7, 1, 0],
    [1, 2, 'same-upper', 8, 0, 0],
  ] as const)('kernel %i stride %i %s on %i pads %i + %i', (kernel, stride, kind, length, begin, end) => {
    const padding = resolvePadding(window(kernel, stride, { padding: { kind } }), [length, length]);
    expect(padding).toEqual({ begin: [begin, begin], end: [end, end] });
  });

  it('is undefined where an unknown size decides, and known at stride 1', () => {
    expect(resolvePadding(window(3, 2), [null, 8])).toBeUndefined();
    expect(resolvePadding(window(3, 1), [null, null])).toEqual({ begin: [1, 1], end: [1, 1] });
  });
});
