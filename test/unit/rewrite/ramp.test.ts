import { describe, expect, test } from 'vitest';
import type { Padding, Window } from '../../../src/core/graph/model-graph';
import { resolvePadding, windowOutputSize } from '../../../src/core/graph/window';
import { alignAverage, alignBlur } from '../../../src/core/rewrite/alignment';
import { blurFilter, blurFilterNames, type BlurFilter } from '../../../src/core/rewrite/filters';
import { filterForAverage, filterForStride } from '../../../src/core/rewrite/fitting-filter';
import { samplesSeen } from '../../../src/core/rewrite/low-pass';

/**
 * On the ramp x[i] = i a layer tells where its samples stand. After a fix sample i has to stand where it stood, and a border may only
 * show in samples whose blur reaches it.
 */
const length = 41;
const oneToEight = [1, 2, 3, 4, 5, 6, 7, 8];
const paddings: readonly Padding[] = [
  { kind: 'valid' },
  { kind: 'same-upper' },
  { kind: 'same-lower' },
  { kind: 'explicit', begin: [0], end: [1] },
  { kind: 'explicit', begin: [1], end: [1] },
  { kind: 'explicit', begin: [2], end: [0] },
];

function* windows(): Generator<Window> {
  for (const padding of paddings)
    for (const kernel of oneToEight)
      for (const stride of oneToEight.slice(1))
        for (const dilation of [1, 2])
          for (const ceilMode of padding.kind === 'explicit' ? [false, true] : [false])
            yield { kernel: [kernel], stride: [stride], dilation: [dilation], padding, ceilMode };
}

/** What the windows of a layer make of a map; beyond it stands what no window that stays inside meets. */
function sampled(map: readonly number[], window: Window, begin: number, count: number, of: (values: number[]) => number): number[] {
  const [kernel = 1, stride = 1, dilation = 1] = [window.kernel[0], window.stride[0], window.dilation[0]];
  return Array.from({ length: count }, (_, i) =>
    of(Array.from({ length: kernel }, (_, tap) => map[i * stride - begin + tap * dilation] ?? Number.NaN)),
  );
}

/** Pads with unknown values (or crops) and weighs every stride-th window. */
function blurred(map: readonly number[], taps: readonly number[], stride: number, begin: number, end: number): number[] {
  const padded = Array.from({ length: map.length + begin + end }, (_, i) => map[i - begin] ?? Number.NaN);
  const count = Math.floor((padded.length - taps.length) / stride) + 1;
  return Array.from({ length: count }, (_, i) => taps.reduce((sum, tap, k) => sum + tap * padded[i * stride + k]!, 0));
}

const ramp = Array.from({ length }, (_, i) => i);
const last = (values: number[]): number => values.at(-1)!;
const middle = (values: number[]): number => (values[0]! + values.at(-1)!) / 2;

/** Samples that differ from the strided layer's where both are known. */
function misplaced(before: readonly number[], after: readonly number[]): readonly number[] {
  if (before.length !== after.length) return [Number.POSITIVE_INFINITY];
  return before.flatMap((value, i) => (Math.abs(value - after[i]!) > 1e-9 ? [after[i]! - value] : []));
}

const known = (values: readonly number[]): number => values.filter((value) => !Number.isNaN(value)).length;

describe.each(blurFilterNames.map((name) => [name, blurFilter(name)] as const))('with %s', (_, wanted) => {
  test('a window layer keeps its samples in place, for every kernel, stride and padding', () => {
    const failures: string[] = [];
    let seen = 0;
    for (const window of windows()) {
      const own = resolvePadding(window, [length])!;
      const count = windowOutputSize(window, [length])[0]!;
      const before = sampled(ramp, window, own.begin[0]!, count, last);
      const filter = filterForStride(wanted, window.stride)!.filter;
      const dense = { ...window, stride: [1] };
      for (const layerPadding of window.padding.kind.startsWith('same') ? [undefined, resolvePadding(dense, [length])!] : [undefined]) {
        const alignment = alignBlur(window, [length], filter.taps.length, { layerPadding });
        if (!alignment.ok) {
          failures.push(alignment.reason);
          continue;
        }
        const { layerPadding: padding, blurPadding } = alignment;
        const mapLength = windowOutputSize({ ...dense, padding: { kind: 'explicit', ...padding }, ceilMode: false }, [length])[0]!;
        const map = sampled(ramp, dense, padding.begin[0]!, mapLength, last);
        const after = blurred(map, filter.taps, window.stride[0]!, blurPadding.begin[0]!, blurPadding.end[0]!);
        seen += known(after);
        if (misplaced(before, after).length > 0) failures.push(`${JSON.stringify(window)}: ${misplaced(before, after).join(' ')}`);
      }
    }
    expect(failures).toEqual([]);
    expect(seen).toBeGreaterThan(5_000);
  });

  test('an average-pool becomes a blur at its own place', () => {
    const failures: string[] = [];
    let seen = 0;
    for (const window of windows()) {
      if (window.dilation[0] !== 1) continue;
      const filter = averageFilter(wanted, window);
      const own = resolvePadding(window, [length])!;
      const before = sampled(ramp, window, own.begin[0]!, windowOutputSize(window, [length])[0]!, middle);
      const alignment = alignAverage(window, [length], filter.taps.length);
      if (!alignment.ok) failures.push(alignment.reason);
      else {
        const { begin, end } = alignment.blurPadding;
        const after = blurred(ramp, filter.taps, window.stride[0]!, begin[0]!, end[0]!);
        seen += known(after);
        if (misplaced(before, after).length > 0) failures.push(`${JSON.stringify(window)}: ${misplaced(before, after).join(' ')}`);
      }
    }
    expect(failures).toEqual([]);
    expect(seen).toBeGreaterThan(2_500);
  });

  test('the filter sees more samples than one step, but for the identity', () => {
    for (const stride of oneToEight.slice(1)) {
      const taps = filterForStride(wanted, [stride])!.filter.taps;
      if (wanted.name === 'identity') expect(taps).toEqual([1]);
      else expect(samplesSeen(taps)).toBeGreaterThan(stride);
      for (const kernel of oneToEight) {
        const own = averageFilter(wanted, { kernel: [kernel], stride: [stride] }).taps;
        if (wanted.name !== 'identity') expect(samplesSeen(own)).toBeGreaterThan(stride > 2 ? stride : 1);
        expect(own.length % 2).toBe(kernel % 2);
      }
    }
  });
});

/** The identity is the pool's own box. */
function averageFilter(wanted: BlurFilter, { kernel, stride }: Pick<Window, 'kernel' | 'stride'>): BlurFilter {
  const taps = Array.from({ length: kernel[0]! }, () => 1 / kernel[0]!);
  return wanted.name === 'identity' ? { ...wanted, taps } : filterForAverage(wanted, kernel, stride)!.filter;
}

test('where a trailing pad rounds up for every size, an open length is aligned for all of them', () => {
  let tried = 0;
  for (const kernel of oneToEight)
    for (const stride of oneToEight.slice(1))
      for (const [begin, end] of [
        [0, 0],
        [1, 0],
        [1, 1],
      ] as const) {
        const window: Window = {
          kernel: [kernel],
          stride: [stride],
          dilation: [1],
          padding: { kind: 'explicit', begin: [begin], end: [end] },
          ceilMode: true,
        };
        const alignment = alignBlur(window, [null], 1);
        expect(alignment.ok).toBe(end + stride <= kernel);
        if (!alignment.ok) continue;
        for (let size = kernel; size < 40; size++) {
          const map = Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898));
          const most = (values: number[]): number => Math.max(...values.filter((value) => !Number.isNaN(value)));
          const before = sampled(map, window, begin, windowOutputSize(window, [size])[0]!, most);
          const dense: Window = { ...window, stride: [1], padding: { kind: 'explicit', ...alignment.layerPadding }, ceilMode: false };
          const whole = sampled(map, dense, begin, windowOutputSize(dense, [size])[0]!, most);
          const { begin: before1, end: after1 } = alignment.blurPadding;
          expect(blurred(whole, [1], stride, before1[0]!, after1[0]!)).toEqual(before);
          tried++;
        }
      }
  expect(tried).toBeGreaterThan(1_000);
});
