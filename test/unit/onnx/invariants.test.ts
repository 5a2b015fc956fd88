import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/core/consistency/random';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { encodeFloatTensor, encodeValueInfo, type AttributeValue } from '../../../src/core/formats/onnx/wire/write';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import type { BlurPadding } from '../../../src/core/rewrite/plan';
import { planFix } from '../../../src/core/rewrite/planner';
import { box, withFilter } from '../filter-plan';
import { floatTensor, memorySource, model, node, patchedBytes, read, run } from './models';
import { rewritable } from '../graph-builder';

/**
 * The invariants of docs/architecture.md from identity to loading, over every way ONNX can spell a strided window. Each case is built,
 * fixed and run in ONNX Runtime: with the filter [1] it must compute what it did, with Tri-3 it must keep its shapes and leave nothing
 * to fix. An average-pool becomes a blur itself, so there the filter that must reproduce it is the box of its own windows.
 */
interface Case {
  readonly layer: LayerKind;
  readonly padding: PaddingKind;
  readonly kernel: number;
  /** One entry per spatial axis, and so is `size`. */
  readonly stride: readonly number[];
  readonly size: readonly number[];
  readonly ceilMode: boolean;
  readonly dynamic: boolean;
}

const convolutions = ['conv', 'conv-relu', 'conv-bn-relu', 'grouped', 'depthwise', 'dilated'] as const;
const pools = ['max-pool', 'average-pool', 'average-with-padding', 'lp-pool'] as const;
const layerKinds = [...pools, ...convolutions] as const;
type LayerKind = (typeof layerKinds)[number];
const paddingKinds = ['none', 'symmetric', 'asymmetric', 'SAME_UPPER', 'SAME_LOWER', 'VALID'] as const;
type PaddingKind = (typeof paddingKinds)[number];

const channels = 4;
/** Strides with the sizes that they are tried on, by number of spatial axes. */
const planes: readonly {
  readonly strides: readonly (readonly number[])[];
  readonly sizes: readonly (readonly number[])[];
  readonly kernels: readonly number[];
}[] = [
  {
    strides: [
      [2, 2],
      [3, 3],
      [4, 4],
      [2, 1],
      [1, 3],
    ],
    sizes: [
      [14, 17],
      [19, 16],
      [15, 20],
    ],
    kernels: [1, 2, 3, 4, 5, 6, 7],
  },
  { strides: [[2], [3], [4]], sizes: [[21], [22], [24]], kernels: [1, 2, 3, 4, 5, 6, 7] },
  {
    strides: [
      [2, 2, 2],
      [1, 2, 3],
    ],
    sizes: [
      [7, 8, 9],
      [8, 9, 10],
    ],
    kernels: [1, 2, 3],
  },
];

/** Every window once, with its sizes given or left open as the lot falls: both of each would take a minute more and meet no other code. */
function* allCases(): Generator<Case> {
  const lot = seededRandom(1, 'open sizes');
  let turn = 0;
  for (const layer of layerKinds) {
    for (const padding of paddingKinds) {
      for (const { strides, sizes, kernels } of planes) {
        for (const kernel of layer === 'dilated' ? kernels.filter((length) => length <= 5) : kernels) {
          for (const stride of strides) {
            for (const ceilMode of layer.endsWith('pool') ? [false, true] : [false]) {
              const dynamic = lot() < 0.5;
              yield { layer, padding, kernel, stride, size: sizes[turn++ % sizes.length]!, ceilMode, dynamic };
            }
          }
        }
      }
    }
  }
}

const isAverage = ({ layer }: Pick<Case, 'layer'>): boolean => layer.startsWith('average');
const isPool = ({ layer }: Pick<Case, 'layer'>): boolean => (pools as readonly string[]).includes(layer);

/** Begins, then ends. */
function explicitPads({ padding, kernel, stride }: Case): readonly number[] {
  const small = Math.floor((kernel - 1) / 2);
  const axes = stride.map((_, axis) => axis);
  switch (padding) {
    case 'symmetric':
      return axes.concat(axes).map(() => small);
    case 'asymmetric':
      return [...axes.map((axis) => (axis === 0 ? 0 : small)), ...axes.map((axis) => (axis === 0 ? kernel - 1 : Math.max(0, small - 1)))];
    default:
      return axes.concat(axes).map(() => 0);
  }
}

function paddingAttributes(test: Case): Record<string, AttributeValue> {
  if (test.padding === 'none') return {};
  return test.padding === 'symmetric' || test.padding === 'asymmetric'
    ? { pads: { ints: explicitPads(test) } }
    : { auto_pad: { text: test.padding } };
}

const poolTypes: Readonly<Partial<Record<LayerKind, string>>> = {
  'max-pool': 'MaxPool',
  'average-pool': 'AveragePool',
  'average-with-padding': 'AveragePool',
  'lp-pool': 'LpPool',
};

function build(test: Case): Uint8Array {
  const groups = test.layer === 'grouped' ? 2 : test.layer === 'depthwise' ? channels : 1;
  const kernel = test.stride.map(() => test.kernel);
  const attributes: Record<string, AttributeValue> = {
    kernel_shape: { ints: kernel },
    strides: { ints: test.stride },
    ...paddingAttributes(test),
    ...(test.ceilMode && { ceil_mode: { int: 1 } }),
    ...(groups > 1 && { group: { int: groups } }),
    ...(test.layer === 'dilated' && { dilations: { ints: kernel.map(() => 2) } }),
    ...(test.layer === 'average-with-padding' && { count_include_pad: { int: 1 } }),
    ...(test.layer === 'lp-pool' && { p: { int: 2 } }),
  };
  const opType = poolTypes[test.layer];
  const activates = opType === undefined && test.layer !== 'conv';
  const nodes = [
    opType === undefined
      ? node({ name: 'layer', opType: 'Conv', inputs: ['x', 'w', 'b'], outputs: ['a'], attributes })
      : node({ name: 'layer', opType, inputs: ['x'], outputs: ['a'], attributes }),
    test.layer === 'conv-bn-relu'
      ? node({ name: 'bn', opType: 'BatchNormalization', inputs: ['a', 's', 'b', 'b', 's'], outputs: ['n'] })
      : node({ name: 'keep', opType: 'Identity', inputs: ['a'], outputs: ['n'] }),
    node({ name: 'last', opType: activates ? 'Relu' : 'Identity', inputs: ['n'], outputs: ['y'] }),
  ];
  const size = test.dynamic ? test.size.map((_, axis) => `length${axis}`) : test.size;
  return model({
    opsets: { '': 18 },
    nodes,
    initializers: [
      floatTensor('w', [channels, channels / groups, ...kernel], 3),
      floatTensor('b', [channels], 5),
      encodeFloatTensor('s', [channels], [0.5, 1, 1.5, 2]),
    ],
    inputs: [encodeValueInfo('x', 1, ['batch', channels, ...size])],
    outputs: [encodeValueInfo('y')],
  });
}

/** What `fix` does otherwise than by default. */
interface FixOptions {
  readonly padding?: BlurPadding;
  /** A filter that the planner would not choose. */
  readonly filter?: BlurFilter;
}

async function fix(bytes: Uint8Array, filterName: BlurFilterName, { padding, filter }: FixOptions = {}): Promise<Uint8Array | string> {
  const opened = await onnxFormat.open(memorySource(bytes));
  const result = planFix(opened, 'layer', blurFilter(filterName), padding && { padding });
  if (!result.ok) return result.reason;
  const patch = await opened.patch([filter === undefined ? result.plan : withFilter(opened, result.plan, filter)]);
  const [outcome] = patch.outcomes;
  if (outcome?.ok !== true) return outcome?.reason ?? 'nothing happened';
  return patchedBytes(bytes, patch);
}

/**
 * SAME and `ceil_mode` round by the input size, so a model with open sizes cannot be rewritten exactly; and SAME with a
 * stride far beyond the kernel means different things to different runtimes.
 */
const mustRefuse = (test: Case): boolean =>
  isPatchEmbedding(test) ||
  (test.dynamic && ((test.ceilMode && !roundsUpForAll(test)) || test.padding.startsWith('SAME'))) ||
  (test.padding.startsWith('SAME') && test.size.some((length, axis) => sameTotal(length, test.stride[axis]!, test.kernel) <= -3));

/** True where a trailing pad rounds a maximum's size up for every size: no window can start in the padding behind the map. */
const roundsUpForAll = (test: Case): boolean => {
  const pads = explicitPads(test);
  return !isAverage(test) && test.stride.every((step, axis) => (pads[test.stride.length + axis] ?? 0) + step <= test.kernel);
};

/** Patches cut out of the image itself, which have no fix. */
const isPatchEmbedding = ({ layer, kernel, stride }: Case): boolean =>
  !isPool({ layer }) && layer !== 'dilated' && stride.every((step) => step >= 4 && step === kernel);

/** Samples that SAME adds along one axis; below zero it would take some away. */
const sameTotal = (length: number, stride: number, kernel: number): number => (Math.ceil(length / stride) - 1) * stride + kernel - length;

/** True where no window reaches beyond the map, so that an average does not depend on how padding is counted. */
const staysInside = (test: Case): boolean => {
  if (test.ceilMode) return false;
  if (!test.padding.startsWith('SAME')) return explicitPads(test).every((amount) => amount === 0);
  return test.size.every((length, axis) => sameTotal(length, test.stride[axis]!, test.kernel) === 0);
};

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), a.length === b.length ? 0 : Infinity);

const title = (test: Case): string =>
  `${test.layer} k${test.kernel} s${test.stride.join('x')} ${test.padding}${test.ceilMode ? ' ceil' : ''} ${test.size.join('x')}${test.dynamic ? ' open' : ''}`;

/**
 * ONNX Runtime cannot run a pool whose SAME rule would take samples away (a stride beyond the kernel), nor SAME with
 * dilation.
 */
const cannotRun = (test: Case): boolean =>
  test.padding.startsWith('SAME') &&
  (test.layer === 'dilated' || (isPool(test) && test.size.some((length, axis) => sameTotal(length, test.stride[axis]!, test.kernel) < 0)));

const cases = [...allCases()].filter((example) => !cannotRun(example));

describe.each(layerKinds)('%s', (layer) => {
  const paddings = paddingKinds.filter((padding) => cases.some((entry) => entry.layer === layer && entry.padding === padding));
  test.each(paddings)('padding %s keeps the invariants', { timeout: 60_000 }, async (padding) => {
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
  const same = await fix(original, isAverage(example) ? 'rect-2' : 'identity', {
    padding: 'zero',
    ...(isAverage(example) && { filter: box(example.kernel) }),
  });
  if (typeof same === 'string') return mustRefuse(example) ? 'refused' : `refused: ${same}`;
  if (mustRefuse(example)) return 'accepted although its alignment depends on the size';
  const identity = (await run(same, shape)).get('y')!;
  if (identity.dims.join() !== before.dims.join()) return `identity shape ${identity.dims.join('x')} instead of ${before.dims.join('x')}`;
  // What lies outside counts differently for an average and a blur; there only the place of the windows is the same.
  const comparable = !isAverage(example) || staysInside(example) || (example.layer === 'average-with-padding' && !example.ceilMode);
  const difference = comparable ? largestDifference(before.data as Float32Array, identity.data as Float32Array) : 0;
  if (!(difference <= 1e-6)) return `identity differs by ${difference}`;
  for (const padding of ['reflect', 'zero'] as const) {
    const blurred = await fix(original, 'tri-3', { padding });
    if (typeof blurred === 'string') return `tri-3 refused: ${blurred}`;
    const after = (await run(blurred, shape)).get('y')!;
    if (after.dims.join() !== before.dims.join()) return `tri-3 shape ${after.dims.join('x')} instead of ${before.dims.join('x')}`;
    const remaining = lintGraph(rewritable(await read(blurred))).map((finding) => finding.rule);
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
      nodes: [
        node({
          name: 'layer',
          opType: 'MaxPool',
          inputs: ['x'],
          outputs: ['y'],
          attributes: { ...window, strides: { ints: [1, stride] } },
        }),
      ],
      inputs: [encodeValueInfo('x', 1, [1, 1, 1, 12])],
      outputs: [encodeValueInfo('y')],
    });
  const dense = (await run(pool(1), [1, 1, 1, 12])).get('y')!.data as Float32Array;
  const fixed = await fix(pool(3), filter, { filter: blurFilter(filter) });
  const blurred = (await run(fixed as Uint8Array, [1, 1, 1, 12])).get('y')!.data as Float32Array;
  const reflect = (index: number): number => (index < 0 ? -index : index > 11 ? 22 - index : index);
  const before = Math.floor((taps.length - 1) / 2);
  const expected = [0, 3, 6, 9].map((centre) => taps.reduce((sum, tap, index) => sum + tap * dense[reflect(centre - before + index)]!, 0));
  expect(new Set(dense).size).toBeGreaterThan(3);
  expect(largestDifference(Float32Array.from(expected), blurred)).toBeLessThan(1e-6);
});

test('the table has hundreds of cases', () => {
  console.log(`onnx invariants: ${cases.length} cases, ${cases.filter(mustRefuse).length} of which must be refused`);
  expect(cases.length).toBeGreaterThan(3000);
});
