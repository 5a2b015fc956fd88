import { expect, test } from 'vitest';
import type { AttributeValue } from '../../../src/core/formats/onnx/wire/write';
import { tryAll, weights, type OperatorCase } from './operator-cases';

const maps: readonly (readonly number[])[] = [[11], [10, 13], [6, 7, 8]];
const paddings = ['none', 'explicit', 'SAME_UPPER', 'SAME_LOWER', 'VALID'] as const;

interface Window {
  readonly size: readonly number[];
  readonly kernel: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly dilation: number;
  readonly ceil: number;
  readonly turn: number;
}

/** Kernels, strides, paddings, dilations and roundings over 1-D, 2-D and 3-D maps. */
function* windows(): Generator<Window> {
  let turn = 0;
  for (const size of maps)
    for (const kernel of [1, 2, 3])
      for (const stride of [1, 2, 3])
        for (const padding of paddings)
          for (const dilation of [1, 2])
            for (const ceil of [0, 1]) {
              turn++;
              if (size.length > 1 && turn % 3 !== 0) continue;
              const pads = size.flatMap((_, axis) => Math.min(axis % 2, kernel - 1)).concat(size.map(() => kernel - 1));
              yield {
                size,
                kernel,
                dilation,
                ceil,
                turn,
                attributes: {
                  strides: { ints: size.map((_, axis) => Math.max(stride - (axis % 2), 1)) },
                  ...(padding === 'none' ? {} : padding === 'explicit' ? { pads: { ints: pads } } : { auto_pad: { text: padding } }),
                  ...(dilation > 1 && { dilations: { ints: size.map(() => dilation) } }),
                  ...(ceil === 1 && { ceil_mode: { int: 1 } }),
                },
              };
            }
}

/** Versions of a pool, by the least one that knows dilations and rounding up. */
function* pools(op: string, versions: readonly number[], dilationsFrom: number, ceilFrom: number): Generator<OperatorCase> {
  for (const { size, kernel, attributes, dilation, ceil, turn } of windows()) {
    const opset = versions[turn % versions.length]!;
    if ((dilation > 1 && opset < dilationsFrom) || (ceil > 0 && opset < ceilFrom)) continue;
    const kind = op === 'MaxPool' ? 'max-pool' : 'average-pool';
    yield { op, opset, kind, input: [2, 3, ...size], attributes: { ...attributes, kernel_shape: { ints: size.map(() => kernel) } } };
  }
}

function* convolutions(): Generator<OperatorCase> {
  for (const { size, kernel, attributes, ceil, turn } of windows()) {
    if (ceil === 1) continue;
    const group = turn % 2 === 0 ? 1 : 2;
    const rest = [weights(6, 4 / group, ...size.map(() => kernel)), ...(turn % 4 === 0 ? [weights(6)] : [])];
    yield {
      op: 'Conv',
      opset: [7, 11, 22][turn % 3]!,
      kind: 'convolution',
      input: [1, 4, ...size],
      rest,
      attributes: { ...attributes, group: { int: group } },
    };
  }
}

function* transposed(): Generator<OperatorCase> {
  for (const { size, kernel, attributes, ceil, turn } of windows()) {
    if (ceil === 1) continue;
    const group = turn % 2 === 0 ? 1 : 2;
    const strides = (attributes['strides'] as { ints: readonly number[] }).ints;
    const extra = turn % 5 === 0 && strides.every((step) => step > 1) ? { output_padding: { ints: size.map(() => 1) } } : {};
    const shape =
      turn % 7 === 0 && !('auto_pad' in attributes)
        ? { output_shape: { ints: size.map((length, axis) => (length - 1) * strides[axis]! + kernel) } }
        : {};
    const rest = [weights(4, 3, ...size.map(() => kernel))];
    yield {
      op: 'ConvTranspose',
      opset: [7, 11, 22][turn % 3]!,
      kind: 'transposed-convolution',
      input: [1, 4, ...size],
      rest,
      attributes: { ...attributes, ...extra, ...shape, group: { int: group } },
    };
  }
}

test.each<[string, () => Iterable<OperatorCase>, number]>([
  ['MaxPool', () => pools('MaxPool', [7, 8, 10, 11, 12, 22], 10, 10), 150],
  ['AveragePool', () => pools('AveragePool', [7, 10, 11, 19, 22], 19, 10), 130],
  ['LpPool', () => pools('LpPool', [7, 11, 18, 22], 18, 18), 110],
  ['Conv', convolutions, 110],
  ['ConvTranspose', transposed, 100],
])('%s has the length that ONNX Runtime computes', { timeout: 60_000 }, async (op, cases, least) => {
  const { problems, ran, refused } = await tryAll(cases());
  console.log(`${op}: ${ran} windows, ${refused.size} refused by the runtime`, [...refused].slice(0, 3));
  expect(problems).toEqual([]);
  expect(ran).toBeGreaterThan(least);
});
