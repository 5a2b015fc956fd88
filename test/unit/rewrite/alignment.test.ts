import { describe, expect, it } from 'vitest';
import type { Padding, Window } from '../../../src/core/graph/model-graph';
import { resolvePadding, windowOutputSize } from '../../../src/core/graph/window';
import { alignBlur } from '../../../src/core/rewrite/alignment';

/** Every window of a signal as the format defines it: sample i is the maximum over i*stride - begin + j*dilation. */
function maxPool(signal: readonly number[], window: Window, begin: number, outputLength: number): number[] {
  const [kernel = 1] = window.kernel;
  const [stride = 1] = window.stride;
  const [dilation = 1] = window.dilation;
  return Array.from({ length: outputLength }, (_, i) =>
    Math.max(...Array.from({ length: kernel }, (_, j) => signal[i * stride - begin + j * dilation] ?? -Infinity)),
  );
}

/** Pads (or crops) and takes every stride-th sample: a blur with the filter [1]. */
function subsample(signal: readonly number[], begin: number, end: number, stride: number): number[] {
  const padded = Array.from({ length: signal.length + begin + end }, (_, i) => signal[i - begin] ?? Number.NaN);
  return padded.filter((_, i) => i % stride === 0);
}

const paddings: readonly Padding[] = [
  { kind: 'valid' },
  { kind: 'same-upper' },
  { kind: 'same-lower' },
  { kind: 'explicit', begin: [0], end: [1] },
  { kind: 'explicit', begin: [1], end: [0] },
  { kind: 'explicit', begin: [1], end: [1] },
  { kind: 'explicit', begin: [2], end: [1] },
];

interface Case {
  readonly window: Window;
  readonly length: number;
}

function* cases(): Generator<Case> {
  for (const padding of paddings)
    for (const kernel of [1, 2, 3, 4, 5, 7])
      for (const stride of [2, 3, 4])
        for (const dilation of [1, 2])
          for (const ceilMode of padding.kind === 'explicit' ? [false, true] : [false])
            for (const length of [9, 12, 13, 16]) {
              const window: Window = { kernel: [kernel], stride: [stride], dilation: [dilation], padding, ceilMode };
              if ((windowOutputSize(window, [length])[0] ?? 0) > 0) yield { window, length };
            }
}

const table = [...cases()];
const describeCase = ({ window, length }: Case): string => `${JSON.stringify(window)} on ${length}`;

describe(`alignBlur (${table.length} windows)`, () => {
  it('keeps every sample in place: the stride-1 maximum, subsampled, equals the strided one', () => {
    for (const { window, length } of table) {
      const signal = Array.from({ length }, (_, i) => Math.sin(i * 12.9898) * 43758.5453 - Math.floor(Math.sin(i * 12.9898) * 43758.5453));
      const own = resolvePadding(window, [length])!;
      const outputLength = windowOutputSize(window, [length])[0]!;
      const expected = maxPool(signal, window, own.begin[0]!, outputLength);
      const dense = { ...window, stride: [1] };
      const formatDictates = window.padding.kind.startsWith('same') ? resolvePadding(dense, [length]) : undefined;
      for (const layerPadding of [undefined, formatDictates]) {
        const aligned = alignBlur(window, [length], 1, { layerPadding });
        if (!aligned.ok) throw new Error(aligned.reason);
        const [extent] = [(window.kernel[0]! - 1) * window.dilation[0]! + 1];
        const mapLength = length + aligned.layerPadding.begin[0]! + aligned.layerPadding.end[0]! - extent + 1;
        const map = maxPool(signal, dense, aligned.layerPadding.begin[0]!, mapLength);
        const fixed = subsample(map, aligned.blurPadding.begin[0]!, aligned.blurPadding.end[0]!, window.stride[0]!);
        expect(fixed, describeCase({ window, length })).toEqual(expected);
      }
    }
  });

  it('keeps the output length for every filter length', () => {
    for (const { window, length } of table) {
      for (const taps of [1, 2, 3, 4, 5, 6, 7]) {
        const aligned = alignBlur(window, [length], taps);
        if (!aligned.ok) throw new Error(aligned.reason);
        const extent = (window.kernel[0]! - 1) * window.dilation[0]! + 1;
        const mapLength = length + aligned.layerPadding.begin[0]! + aligned.layerPadding.end[0]! - extent + 1;
        const padded = mapLength + aligned.blurPadding.begin[0]! + aligned.blurPadding.end[0]!;
        const blurred = Math.floor((padded - taps) / window.stride[0]!) + 1;
        expect(blurred, `${describeCase({ window, length })} taps ${taps}`).toBe(windowOutputSize(window, [length])[0]);
      }
    }
  });

  it('needs no input size where explicit padding rounds down, for every size that could come', () => {
    const window: Window = {
      kernel: [3],
      stride: [2],
      dilation: [1],
      padding: { kind: 'explicit', begin: [1], end: [1] },
      ceilMode: false,
    };
    const open = alignBlur(window, [null], 3);
    expect(open).toEqual({ ok: true, layerPadding: { begin: [1], end: [1] }, blurPadding: { begin: [1], end: [1] } });
    for (const length of [7, 8, 9, 10]) {
      const blurred = Math.floor((length + 2 - 3) / 2) + 1;
      expect(blurred).toBe(windowOutputSize(window, [length])[0]);
    }
  });

  it('pads the end of ceil_mode on an open size, which rounds up for all sizes alike', () => {
    const window: Window = { kernel: [3], stride: [2], dilation: [1], padding: { kind: 'explicit', begin: [0], end: [0] }, ceilMode: true };
    const aligned = alignBlur(window, [null], 3);
    expect(aligned).toEqual({ ok: true, layerPadding: { begin: [0], end: [1] }, blurPadding: { begin: [1], end: [1] } });
    for (let length = 3; length < 40; length++) {
      const dense = length + 1 - 3 + 1;
      expect(Math.floor((dense + 2 - 3) / 2) + 1).toBe(windowOutputSize(window, [length])[0]);
    }
  });

  it.each([
    ['SAME', { kernel: [3], stride: [2], padding: { kind: 'same-upper' }, ceilMode: false } as const],
    [
      'ceil_mode with a step wider than its window',
      { kernel: [2], stride: [3], padding: { kind: 'explicit', begin: [0], end: [0] }, ceilMode: true } as const,
    ],
  ])('refuses %s on an open size, where the rule depends on the parity', (_, window) => {
    expect(alignBlur({ ...window, dilation: [1] }, [null], 3)).toMatchObject({ ok: false });
  });
});
