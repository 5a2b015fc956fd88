import { describe, expect, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { encodeFloatTensor, encodeIntegerTensor, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { planFix } from '../../../src/core/rewrite/planner';
import { memorySource, model, node, patchedBytes, read, run } from './models';
import { rewritable } from '../graph-builder';

/** Layers that only pick samples get a blur in front: with the filter [1] nothing changes, with Tri-3 nothing is left to fix. */
interface Case {
  readonly title: string;
  readonly size: readonly number[];
  readonly bytes: (open: boolean) => Uint8Array;
  /** True where the shrinkage of an open size cannot be known. */
  readonly needsSize: boolean;
  /** True where every sample is looked at, so that it averages rather than picks. */
  readonly averages: boolean;
}

const channels = 3;
const integers = (name: string, values: readonly number[]): Uint8Array => encodeIntegerTensor(name, [values.length], values);

function build(
  nodeBytes: Uint8Array,
  initializers: readonly Uint8Array[],
  size: readonly number[],
  open: boolean,
  opset: number,
): Uint8Array {
  return model({
    opsets: { '': opset },
    nodes: [nodeBytes],
    initializers,
    inputs: [encodeValueInfo('x', 1, ['batch', channels, ...(open ? size.map((_, axis) => `length${axis}`) : size)])],
    outputs: [encodeValueInfo('y')],
  });
}

function* slices(): Generator<Case> {
  for (const steps of [[2, 2], [3, 3], [4, 4], [2, 1], [1, 3], [2], [3, 2, 2]]) {
    for (const start of [0, 1]) {
      for (const size of [
        [12, 13, 14],
        [15, 11, 9],
      ].map((lengths) => lengths.slice(0, steps.length))) {
        const axes = steps.map((_, axis) => axis + 2);
        const slice = node({ name: 'layer', opType: 'Slice', inputs: ['x', 'starts', 'ends', 'axes', 'steps'], outputs: ['y'] });
        const lists = [
          integers(
            'starts',
            steps.map(() => start),
          ),
          integers(
            'ends',
            steps.map(() => 2 ** 31),
          ),
          integers('axes', axes),
          integers('steps', steps),
        ];
        yield {
          title: `Slice by ${steps.join('x')} from ${start} of ${size.join('x')}`,
          size,
          bytes: (open) => build(slice, lists, size, open, 17),
          needsSize: false,
          averages: false,
        };
      }
    }
  }
}

function* resizes(): Generator<Case> {
  for (const opset of [10, 11, 13, 18]) {
    for (const mode of ['nearest', 'linear', 'cubic']) {
      if (opset === 10 && mode === 'cubic') continue;
      for (const scale of [1 / 2, 1 / 3, 1 / 4, 2 / 3]) {
        const size = [12, 24];
        // Operator set 11 wants a region of interest even where nothing reads it.
        const inputs = opset === 10 ? ['x', 'scales'] : ['x', opset === 11 ? 'region' : '', 'scales'];
        const resize = node({ name: 'layer', opType: 'Resize', inputs, outputs: ['y'], attributes: { mode: { text: mode } } });
        const scales = [encodeFloatTensor('scales', [4], [1, 1, scale, scale]), encodeFloatTensor('region', [0], [])];
        yield {
          title: `Resize ${opset} ${mode} by ${scale.toFixed(2)}`,
          size,
          bytes: (open) => build(resize, scales, size, open, opset),
          needsSize: true,
          // Up to operator set 10 the grids share their first sample; since then they lie halfway, where interpolation weighs 2 or 4.
          averages: opset > 10 && (mode === 'cubic' ? [1 / 2, 1 / 4] : mode === 'linear' ? [1 / 2] : []).includes(scale),
        };
      }
    }
  }
}

const cases = [...slices(), ...resizes()];

async function fix(bytes: Uint8Array, filter: BlurFilterName): Promise<Uint8Array | string> {
  const plan = planFix(rewritable(await read(bytes)), 'layer', blurFilter(filter));
  if (!plan.ok) return plan.reason;
  const patch = await (await onnxFormat.open(memorySource(bytes))).patch([plan.plan]);
  return patch.outcomes[0]?.ok === true ? patchedBytes(bytes, patch) : JSON.stringify(patch.outcomes);
}

describe.each(cases)('$title', ({ size, bytes, needsSize, averages }) => {
  test.each([false, true])('open sizes: %s', async (open) => {
    const original = bytes(open);
    const same = await fix(original, 'identity');
    if (open && needsSize) {
      expect(same).toContain('not known');
      return;
    }
    const shape = [2, channels, ...size];
    const [before, after] = [(await run(original, shape)).get('y')!, (await run(same as Uint8Array, shape)).get('y')!];
    expect(after.dims).toEqual(before.dims);
    expect(after.data).toEqual(before.data);
    expect(lintGraph(rewritable(await read(original)))).toMatchObject([
      { layer: 'layer', rule: averages ? 'strided-avg-pool' : 'strided-subsample' },
    ]);
    const blurred = await fix(original, 'tri-3');
    expect((await run(blurred as Uint8Array, shape)).get('y')!.dims).toEqual(before.dims);
    expect(lintGraph(rewritable(await read(blurred as Uint8Array)))).toEqual([]);
  });
});

test('the table has a case for every step and generation', () => {
  console.log(`onnx subsampling: ${cases.length * 2} cases`);
  expect(cases.length).toBeGreaterThan(60);
});
