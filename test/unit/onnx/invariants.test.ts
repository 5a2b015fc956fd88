import { describe, expect, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { encodeFloatTensor, encodeValueInfo, type AttributeValue } from '../../../src/core/formats/onnx/write';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { planFix } from '../../../src/core/rewrite/planner';
import { floatTensor, memorySource, model, node, read, run } from './models';

/**
 * DESIGN section 4, invariants 1 to 4, over every way ONNX can spell a strided window. Each case is built, fixed and run in
 * ONNX Runtime: with the filter [1] it must compute what it did, with Tri-3 it must keep its shapes and leave nothing to fix.
 */
interface Case {
  readonly layer: LayerKind;
  readonly padding: PaddingKind;
  readonly kernel: number;
  readonly stride: readonly [number, number];
  readonly size: readonly [number, number];
  readonly ceilMode: boolean;
  readonly dynamic: boolean;
}

const layerKinds = ['max-pool', 'conv', 'conv-relu', 'conv-bn-relu', 'grouped', 'depthwise', 'dilated'] as const;
type LayerKind = (typeof layerKinds)[number];
const paddingKinds = ['none', 'symmetric', 'asymmetric', 'SAME_UPPER', 'SAME_LOWER', 'VALID'] as const;
type PaddingKind = (typeof paddingKinds)[number];

const channels = 4;
const strides: readonly (readonly [number, number])[] = [[2, 2], [3, 3], [4, 4], [2, 1], [1, 3]];
const sizes: readonly (readonly [number, number])[] = [[14, 17], [19, 16], [15, 20]];

function* allCases(): Generator<Case> {
  let turn = 0;
  for (const layer of layerKinds) {
    for (const padding of paddingKinds) {
      for (const kernel of [1, 2, 3, 4, 5]) {
        for (const stride of strides) {
          for (const ceilMode of layer === 'max-pool' ? [false, true] : [false]) {
            for (const dynamic of [false, true]) yield { layer, padding, kernel, stride, size: sizes[turn++ % sizes.length]!, ceilMode, dynamic };
          }
        }
      }
    }
  }
}

function paddingAttributes(padding: PaddingKind, kernel: number): Record<string, AttributeValue> {
  const small = Math.floor((kernel - 1) / 2);
  switch (padding) {
    case 'none':
      return {};
    case 'symmetric':
      return { pads: { ints: [small, small, small, small] } };
    case 'asymmetric':
      return { pads: { ints: [0, small, kernel - 1, small === 0 ? 0 : small - 1] } };
    default:
      return { auto_pad: { text: padding } };
  }
}

function build(test: Case): Uint8Array {
  const isPool = test.layer === 'max-pool';
  const groups = test.layer === 'grouped' ? 2 : test.layer === 'depthwise' ? channels : 1;
  const attributes: Record<string, AttributeValue> = {
    kernel_shape: { ints: [test.kernel, test.kernel] },
    strides: { ints: test.stride },
    ...paddingAttributes(test.padding, test.kernel),
    ...(test.ceilMode && { ceil_mode: { int: 1 } }),
    ...(groups > 1 && { group: { int: groups } }),
    ...(test.layer === 'dilated' && { dilations: { ints: [2, 2] } }),
  };
  const normalises = test.layer === 'conv-bn-relu';
  const activates = test.layer !== 'max-pool' && test.layer !== 'conv';
  const nodes = [
    isPool
      ? node({ name: 'layer', opType: 'MaxPool', inputs: ['x'], outputs: ['a'], attributes })
      : node({ name: 'layer', opType: 'Conv', inputs: ['x', 'w', 'b'], outputs: ['a'], attributes }),
    normalises
      ? node({ name: 'bn', opType: 'BatchNormalization', inputs: ['a', 's', 'b', 'b', 's'], outputs: ['n'] })
      : node({ name: 'keep', opType: 'Identity', inputs: ['a'], outputs: ['n'] }),
    node({ name: 'last', opType: activates ? 'Relu' : 'Identity', inputs: ['n'], outputs: ['y'] }),
  ];
  const size = test.dynamic ? ['height', 'width'] : test.size;
  return model({
    nodes,
    initializers: [
      floatTensor('w', [channels, channels / groups, test.kernel, test.kernel], 3),
      floatTensor('b', [channels], 5),
      encodeFloatTensor('s', [channels], [0.5, 1, 1.5, 2]),
    ],
    inputs: [encodeValueInfo('x', 1, ['batch', channels, ...size])],
    outputs: [encodeValueInfo('y')],
  });
}

/** @param exactly uses the filter even where it is too narrow for the stride */
async function fixAll(bytes: Uint8Array, filterName: BlurFilterName, padding: 'reflect' | 'zero', exactly = false): Promise<Uint8Array | string> {
  const result = planFix(await read(bytes), 'layer', blurFilter(filterName));
  if (!result.ok) return result.reason;
  const filter = exactly ? blurFilter(filterName) : result.plan.filter;
  const patch = await onnxFormat.patch(memorySource(bytes), [{ ...result.plan, filter, padding }]);
  const [outcome] = patch.outcomes;
  if (outcome?.ok !== true) return outcome?.reason ?? 'nothing happened';
  return patch.kind === 'binary' ? patch.bytes : 'not a binary patch';
}

/**
 * SAME and `ceil_mode` round by the input size, so a model with open sizes cannot be rewritten exactly; and SAME with a
 * stride far beyond the kernel means different things to different runtimes.
 */
const mustRefuse = (test: Case): boolean =>
  isPatchEmbedding(test) ||
  (test.dynamic && (test.ceilMode || test.padding.startsWith('SAME'))) ||
  (test.padding.startsWith('SAME') && test.size.some((length, axis) => sameTotal(length, test.stride[axis]!, test.kernel) <= -3));

/** Patches cut out of the image itself, which have no fix. */
const isPatchEmbedding = ({ layer, kernel, stride }: Case): boolean =>
  layer !== 'max-pool' && layer !== 'dilated' && stride.every((step) => step >= 4 && step === kernel);

/** Samples that SAME adds along one axis; below zero it would take some away. */
const sameTotal = (length: number, stride: number, kernel: number): number => (Math.ceil(length / stride) - 1) * stride + kernel - length;

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), a.length === b.length ? 0 : Infinity);

const title = (test: Case): string =>
  `${test.layer} k${test.kernel} s${test.stride.join('x')} ${test.padding}${test.ceilMode ? ' ceil' : ''} ${test.size.join('x')}${test.dynamic ? ' open' : ''}`;

/**
 * ONNX Runtime cannot run a max-pool whose SAME rule would take samples away (a stride beyond the kernel), nor SAME with
 * dilation.
 */
const cannotRun = ({ layer, padding, kernel, stride, size }: Case): boolean =>
  padding.startsWith('SAME') &&
  (layer === 'dilated' ||
    (layer === 'max-pool' && size.some((length, axis) => sameTotal(length, stride[axis]!, kernel) < 0)));

const cases = [...allCases()].filter((example) => !cannotRun(example));

describe.each(layerKinds)('%s', (layer) => {
  const paddings = paddingKinds.filter((padding) => cases.some((entry) => entry.layer === layer && entry.padding === padding));
  test.each(paddings)('padding %s keeps the invariants', async (padding) => {
    const failures: string[] = [];
    let fixed = 0;
    for (const example of cases.filter((entry) => entry.layer === layer && entry.padding === padding)) {
      const problem = await check(example);
      if (problem === 'fixed') fixed++;
      else if (problem !== 'refused') failures.push(`${title(example)}: ${problem}`);
    }
    console.log(`onnx invariants: ${layer}, ${padding}: ${fixed} cases fixed and run`);
    expect(failures).toEqual([]);
    expect(fixed).toBeGreaterThanOrEqual(15);
  });
});

/** `fixed`, `refused` where that is right, or what went wrong. */
async function check(example: Case): Promise<string> {
  const original = build(example);
  const shape = [2, channels, ...example.size];
  const before = (await run(original, shape)).get('y')!;
  const same = await fixAll(original, 'identity', 'reflect');
  if (typeof same === 'string') return mustRefuse(example) ? 'refused' : `refused: ${same}`;
  if (mustRefuse(example)) return 'accepted although its alignment depends on the size';
  const identity = (await run(same, shape)).get('y')!;
  if (identity.dims.join() !== before.dims.join()) return `identity shape ${identity.dims.join('x')} instead of ${before.dims.join('x')}`;
  const difference = largestDifference(before.data as Float32Array, identity.data as Float32Array);
  if (!(difference <= 1e-6)) return `identity differs by ${difference}`;
  for (const padding of ['reflect', 'zero'] as const) {
    const blurred = await fixAll(original, 'tri-3', padding);
    if (typeof blurred === 'string') return `tri-3 refused: ${blurred}`;
    const after = (await run(blurred, shape)).get('y')!;
    if (after.dims.join() !== before.dims.join()) return `tri-3 shape ${after.dims.join('x')} instead of ${before.dims.join('x')}`;
    const remaining = lintGraph(await read(blurred)).map((finding) => finding.rule);
    if (remaining.length > 0) return `tri-3 leaves ${remaining.join(', ')}`;
  }
  return 'fixed';
}

test.each<[BlurFilterName, readonly number[]]>([
  ['rect-2', [1 / 2, 1 / 2]],
  ['tri-3', [1 / 4, 1 / 2, 1 / 4]],
  ['bin-4', [1 / 8, 3 / 8, 3 / 8, 1 / 8]],
])('%s stands where the strided layer sampled', async (filter, taps) => {
  const window = { kernel_shape: { ints: [1, 3] }, pads: { ints: [0, 1, 0, 1] } };
  const pool = (stride: number): Uint8Array =>
    model({
      nodes: [node({ name: 'layer', opType: 'MaxPool', inputs: ['x'], outputs: ['y'], attributes: { ...window, strides: { ints: [1, stride] } } })],
      inputs: [encodeValueInfo('x', 1, [1, 1, 1, 12])],
      outputs: [encodeValueInfo('y')],
    });
  const dense = (await run(pool(1), [1, 1, 1, 12])).get('y')!.data as Float32Array;
  const fixed = await fixAll(pool(3), filter, 'reflect', true);
  const blurred = (await run(fixed as Uint8Array, [1, 1, 1, 12])).get('y')!.data as Float32Array;
  const reflect = (index: number): number => (index < 0 ? -index : index > 11 ? 22 - index : index);
  const before = Math.floor((taps.length - 1) / 2);
  const expected = [0, 3, 6, 9].map((centre) => taps.reduce((sum, tap, index) => sum + tap * dense[reflect(centre - before + index)]!, 0));
  expect(new Set(dense).size).toBeGreaterThan(3);
  expect(largestDifference(Float32Array.from(expected), blurred)).toBeLessThan(1e-6);
});

test('the table has hundreds of cases', () => {
  console.log(`onnx invariants: ${cases.length} cases, ${cases.filter(mustRefuse).length} of which must be refused`);
  expect(cases.length).toBeGreaterThan(500);
});
