import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter, type BlurFilterName } from '../../../src/core/rewrite/filters';
import { editsTakenBack, patched, sourceOf, type MemoryModel } from '../tfjs-files';
import { difference, float, GraphBuilder, ints, run, texts, windowed } from './graph-builder';

/** How one layer stands in a model of its own: `image` -> layer -> activation -> `end`. */
const kinds = [
  'max-pool',
  'average-pool',
  'conv',
  'conv + relu',
  'conv + bias + hard swish',
  'fused conv with bias',
  'fused conv with relu',
  'depthwise + relu6',
  'fused depthwise with relu',
  'pad + conv',
  'pad + max-pool',
  'strided slice',
  'resize',
] as const;
type Kind = (typeof kinds)[number];

interface Case {
  readonly kind: Kind;
  readonly padding: 'SAME' | 'VALID' | readonly number[];
  readonly kernel: number;
  readonly strides: readonly [number, number];
  readonly size: readonly [number, number];
  readonly border: 'reflect' | 'zero';
  /** True where the last node is what the signature names. */
  readonly isOutput: boolean;
}

const channels = 3;
const sizes = [
  [16, 13],
  [13, 15],
  [12, 12],
  [15, 14],
] as const;
const strides = [
  [2, 2],
  [3, 3],
  [4, 4],
  [2, 1],
  [1, 3],
  [4, 2],
] as const;

function paddingsOf(kind: Kind, kernel: number): readonly Case['padding'][] {
  if (kind.startsWith('pad')) return ['VALID'];
  if (kind === 'max-pool' || kind === 'average-pool') return ['SAME', 'VALID'];
  if (kind === 'strided slice' || kind === 'resize') return ['VALID'];
  return ['SAME', 'VALID', [Math.floor(kernel / 2), Math.ceil(kernel / 2) - 1, 1, Math.max(0, kernel - 2)]];
}

const isWindowless = (kind: Kind): boolean => kind === 'strided slice' || kind === 'resize';

const cases: readonly Case[] = kinds
  .flatMap((kind) =>
    (isWindowless(kind) ? [1] : [1, 2, 3, 4, 5, 6, 7]).flatMap((kernel) =>
      paddingsOf(kind, kernel).flatMap((padding) =>
        strides.flatMap((steps, index) =>
          [0, 1].map((turn): Case => ({
            kind,
            padding,
            kernel,
            strides: kind.includes('depthwise') ? [steps[0], steps[0]] : steps,
            size: sizes[(kernel + index + turn) % sizes.length]!,
            border: (kernel + index) % 2 === turn ? 'reflect' : 'zero',
            isOutput: (index + turn) % 3 === 0,
          })),
        ),
      ),
    ),
  )
  .filter(({ kind, strides: [y, x] }) => y * x > 1 && !(kind === 'resize' && (y === 1 || x === 1)));

/** Builds the layer named `layer` and what follows it. */
function build({ kind, padding, kernel, strides: steps, size, isOutput }: Case): MemoryModel {
  const builder = new GraphBuilder();
  const image = builder.input([-1, ...size, channels]);
  const padded = kind.startsWith('pad')
    ? builder.op('Pad', 'pad', [image, builder.constant('amounts', [4, 2], [0, 0, 1, 2, 2, 0, 0, 0])])
    : image;
  const end = layer(builder, kind, padded, kernel, windowed(steps, padding), steps, size);
  if (!isOutput) builder.op('Neg', 'end', [end]);
  return builder.model([isOutput ? end : 'end']);
}

function layer(
  builder: GraphBuilder,
  kind: Kind,
  image: string,
  kernel: number,
  attributes: Readonly<Record<string, unknown>>,
  steps: Case['strides'],
  size: Case['size'],
): string {
  const full = (): string => builder.weight('kernel', [kernel, kernel, channels, 4]);
  const separate = (): string => builder.weight('kernel', [kernel, kernel, channels, 2]);
  const fused = (...names: string[]): Readonly<Record<string, unknown>> => ({
    ...attributes,
    fused_ops: texts(...names),
    num_args: { i: '1' },
  });
  switch (kind) {
    case 'max-pool':
    case 'pad + max-pool':
      return builder.op('MaxPool', 'layer', [image], { ...attributes, ksize: ints(1, kernel, kernel, 1) });
    case 'average-pool':
      return builder.op('AvgPool', 'layer', [image], { ...attributes, ksize: ints(1, kernel, kernel, 1) });
    case 'conv':
    case 'pad + conv':
      return builder.op('Conv2D', 'layer', [image, full()], attributes);
    case 'conv + relu':
      return builder.op('Relu', 'act', [builder.op('Conv2D', 'layer', [image, full()], attributes)]);
    case 'conv + bias + hard swish': {
      const sum = builder.op('BiasAdd', 'biased', [
        builder.op('Conv2D', 'layer', [image, full()], attributes),
        builder.weight('bias', [4]),
      ]);
      const three = builder.constant('three', [], [3], 'float32');
      const sixth = builder.constant('sixth', [], [1 / 6], 'float32');
      const gate = builder.op('Relu6', 'gate', [builder.op('AddV2', 'plus', [sum, three])]);
      return builder.op('Mul', 'act', [builder.op('Mul', 'scaled', [sixth, sum]), gate]);
    }
    case 'fused conv with bias':
      return builder.op('_FusedConv2D', 'layer', [image, full(), builder.weight('bias', [4])], fused('BiasAdd'));
    case 'fused conv with relu':
      return builder.op('_FusedConv2D', 'layer', [image, full(), builder.weight('bias', [4])], fused('BiasAdd', 'Relu'));
    case 'depthwise + relu6':
      return builder.op('Relu6', 'act', [builder.op('DepthwiseConv2dNative', 'layer', [image, separate()], attributes)]);
    case 'fused depthwise with relu':
      return builder.op('FusedDepthwiseConv2dNative', 'layer', [image, separate(), builder.weight('bias', [6])], fused('BiasAdd', 'Relu'));
    case 'strided slice': {
      const list = (name: string, ...values: number[]): string => builder.constant(name, [4], values);
      const inputs = [image, list('begins', 0, 0, 0, 0), list('ends', 0, 0, 0, 0), list('steps', 1, ...steps, 1)];
      return builder.op('StridedSlice', 'layer', inputs, { T: float, begin_mask: { i: '15' }, end_mask: { i: '15' } });
    }
    case 'resize': {
      const target = builder.constant(
        'target',
        [2],
        size.map((length, axis) => Math.floor(length / steps[axis]!)),
      );
      return builder.op('ResizeNearestNeighbor', 'layer', [image, target], { T: float, align_corners: { b: false } });
    }
  }
}

/** The filter that changes nothing; a pool that averages has none, its own box takes its place. */
const unchangedFilter: BlurFilterName = 'identity';

async function fix(model: MemoryModel, { border }: Case, name: BlurFilterName) {
  const findings = lintGraph(await tfjsGraphFormat.open(sourceOf(model)), {
    filter: blurFilter(name),
    plan: { padding: border },
  });
  expect(findings.map(({ layer: found }) => found)).toEqual(['layer']);
  const plans = findings.flatMap(({ fix: found }) => (found.ok ? [found.plan] : []));
  const patch = await (await tfjsGraphFormat.open(sourceOf(model))).patch(plans);
  if (patch.kind !== 'text') throw new Error('A graph-model is patched as text.');
  expect(patch.outcomes).toMatchObject([{ ok: true, layer: 'layer' }]);
  const fixed = patched(model, patch);
  expect(editsTakenBack(fixed.text, patch.edits, model.text)).toBe(model.text);
  return fixed;
}

/** A convolution on the image whose windows lie side by side cuts it into patches, which no blur keeps the meaning of. */
const isPatchEmbedding = ({ kind, kernel, strides: [y, x] }: Case): boolean =>
  /conv|depthwise/.test(kind) && kernel === 4 && y === 4 && x === 4;

const label = ({ kind, padding, kernel, strides: steps, size, border }: Case): string =>
  `${kind} ${kernel}x${kernel}/${steps.join('x')} ${typeof padding === 'string' ? padding : `pads ${padding.join()}`} on ${size.join('x')} ${border}`;

describe(`fixes of graph-models keep what they must (${cases.length} cases)`, () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  afterAll(() => {
    console.log(`Graph-model invariants: ${cases.length} cases, ${cases.filter(isPatchEmbedding).length} of them refused.`);
  });

  it.each(cases.map((testCase) => [label(testCase), testCase] as const))('%s', async (_, testCase) => {
    const model = build(testCase);
    const shape = [1, ...testCase.size, channels];
    const [before] = await run(model, shape);
    if (isPatchEmbedding(testCase)) {
      const findings = lintGraph(await tfjsGraphFormat.open(sourceOf(model)));
      expect(findings).toMatchObject([{ rule: 'patchify-conv', fix: { ok: false, reason: expect.stringContaining('patches') } }]);
      return;
    }
    if (testCase.kind !== 'average-pool') {
      const [same] = await run(await fix(model, testCase, unchangedFilter), shape);
      expect(same!.shape).toEqual(before!.shape);
      expect(difference(same!, before!)).toBeLessThan(2e-6);
    }
    const fixed = await fix(model, testCase, 'tri-3');
    const [after] = await run(fixed, shape);
    expect(after!.shape).toEqual(before!.shape);
    expect(lintGraph(await tfjsGraphFormat.open(sourceOf(fixed))).filter(({ rule }) => rule !== 'weak-blur')).toEqual([]);
  });
});
