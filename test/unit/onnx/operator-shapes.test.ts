import { expect, test } from 'vitest';
import type { AttributeValue } from '../../../src/core/formats/onnx/wire/write';
import { float, floats, image, integer, integers, tryAll, weights, type ConstantInput, type OperatorCase } from './operator-cases';

type Attributes = Readonly<Record<string, AttributeValue>>;
const ints = (...values: number[]): AttributeValue => ({ ints: values });
const int = (value: number): AttributeValue => ({ int: value });
const text = (value: string): AttributeValue => ({ text: value });

/** Every generation of Resize and Upsample, with factors whose products lie near whole numbers. */
function* resizes(): Generator<OperatorCase> {
  const modes = ['nearest', 'linear', 'cubic'];
  let turn = 0;
  for (const length of [5, 7, 10, 13])
    for (const scale of [0.3, 0.5, 0.6, 0.7, 1 / 3, 1, 1.5, 2, 2.3, 3.7]) {
      const input = [1, 2, length, 2 * length];
      const scales = [1, 1, scale, scale === 1 ? 2 : scale / 2 + 0.6];
      const mode = { mode: text(modes[turn++ % 3]!) };
      const simple = { mode: text(modes[turn % 2]!) };
      if (scales.every((factor) => factor >= 1)) {
        yield { op: 'Upsample', opset: 7, kind: 'resize', input, attributes: { ...simple, scales: { floats: scales } } };
        yield { op: 'Upsample', opset: 9, kind: 'resize', input, attributes: simple, rest: [floats(...scales)] };
      }
      yield { op: 'Resize', opset: 10, kind: 'resize', input, attributes: simple, rest: [floats(...scales)] };
      const opset = [11, 13, 18, 19][turn % 4]!;
      yield { op: 'Resize', opset, kind: 'resize', input, attributes: mode, rest: [floats(), floats(...scales)] };
      yield {
        op: 'Resize',
        opset,
        kind: 'resize',
        input,
        attributes: mode,
        rest: [floats(), floats(), integers(1, 2, (turn % 9) + 3, 17)],
      };
      const later = turn % 2 === 0 ? 18 : 19;
      yield {
        op: 'Resize',
        opset: later,
        kind: 'resize',
        input,
        attributes: { ...mode, axes: ints(2, 3) },
        rest: [null, floats(scale, 1.5)],
      };
      yield {
        op: 'Resize',
        opset: later,
        kind: 'resize',
        input,
        attributes: { ...mode, axes: ints(-1, -2) },
        rest: [null, null, integers(9, 4)],
      };
      for (const policy of ['not_larger', 'not_smaller'])
        yield {
          op: 'Resize',
          opset: later,
          kind: 'resize',
          input,
          attributes: { ...mode, axes: ints(2, 3), keep_aspect_ratio_policy: text(policy) },
          rest: [null, null, integers((turn % 11) + 2, 8)],
        };
      yield {
        op: 'Resize',
        opset: later,
        kind: 'resize',
        input,
        attributes: { mode: text('linear'), antialias: int(1) },
        rest: [null, floats(...scales)],
      };
    }
}

function* slices(): Generator<OperatorCase> {
  const bounds: readonly (readonly [start: number, end: number, step: number])[] = [
    [0, Number.MAX_SAFE_INTEGER, 1],
    [1, -1, 1],
    [0, 100, 2],
    [1, 100, 2],
    [-3, 100, 1],
    [2, 3, 5],
    [-100, 5, 3],
    [4, 2, 1],
    [-1, -100, -1],
    [9, 0, -2],
    [-2, 1, -3],
    [3, -Number.MAX_SAFE_INTEGER, -1],
  ];
  for (const [index, [start, end, step]] of bounds.entries())
    for (const axis of [1, 2, 3, -1]) {
      const cut: readonly ConstantInput[] = [integers(start), integers(end), integers(axis), integers(step)];
      if (step === 1) yield { op: 'Slice', opset: 9, attributes: { starts: ints(start), ends: ints(end), axes: ints(axis) } };
      if (step === 1 && axis === 1) yield { op: 'Slice', opset: 11, rest: [integers(0, start), integers(1, end)] };
      yield { op: 'Slice', opset: [10, 11, 13][index % 3]!, rest: cut };
    }
}

function* pads(): Generator<OperatorCase> {
  for (const mode of ['constant', 'reflect', 'edge', 'wrap'])
    for (const amounts of [
      [0, 0, 1, 2, 0, 0, 3, 4],
      [0, 0, 0, 0, 0, 0, 1, 1],
      [0, 0, -1, 2, 0, 0, 0, -2],
      [0, 1, 0, 0, 0, 1, 0, 0],
    ]) {
      const attributes = { mode: text(mode) };
      const kind = amounts[1] === 0 ? 'pad' : 'channelwise';
      if (mode !== 'wrap') {
        yield { op: 'Pad', opset: 7, kind, attributes: { ...attributes, pads: ints(...amounts) } };
        for (const opset of [11, 13]) yield { op: 'Pad', opset, kind, attributes, rest: [integers(...amounts)] };
      }
      for (const opset of mode === 'wrap' ? [19, 21] : [18, 19, 21]) {
        yield { op: 'Pad', opset, kind, attributes, rest: [integers(...amounts)] };
        if (kind === 'pad')
          yield {
            op: 'Pad',
            opset,
            kind,
            attributes,
            rest: [integers(amounts[3]!, amounts[2]!, amounts[7]!, amounts[6]!), null, integers(-1, 2)],
          };
      }
    }
}

const reducers = [
  'ReduceMean',
  'ReduceMax',
  'ReduceMin',
  'ReduceSum',
  'ReduceProd',
  'ReduceL1',
  'ReduceL2',
  'ReduceSumSquare',
  'ReduceLogSum',
  'ReduceLogSumExp',
];

function* reductions(): Generator<OperatorCase> {
  for (const op of reducers)
    for (const axes of [[2, 3], [-1, -2], [1], [2], [1, 2, 3], undefined])
      for (const keep of [0, 1]) {
        const attributes: Attributes = { keepdims: int(keep) };
        const isPool = axes?.length === 2;
        const kind = isPool ? 'global-pool' : axes?.[0] === 1 && axes.length === 1 && keep === 1 ? 'channelwise' : 'positional';
        const given = axes && { axes: ints(...axes) };
        yield { op, opset: op === 'ReduceSum' ? 11 : 13, kind, attributes: { ...attributes, ...given } };
        yield { op, opset: 18, kind, attributes, rest: axes === undefined ? [] : [integers(...axes)] };
      }
  for (const op of ['ArgMax', 'ArgMin'])
    for (const axis of [0, 1, -1])
      for (const keep of [0, 1]) yield { op, opset: [7, 12, 13][axis + 1]!, attributes: { axis: int(axis), keepdims: int(keep) } };
}

const activations = [
  'Relu',
  'LeakyRelu',
  'Elu',
  'Selu',
  'Celu',
  'Sigmoid',
  'HardSigmoid',
  'HardSwish',
  'Tanh',
  'Softplus',
  'Softsign',
  'ThresholdedRelu',
  'Mish',
  'Gelu',
  'Clip',
  'Shrink',
];
const single = [
  'Abs',
  'Neg',
  'Exp',
  'Sqrt',
  'Reciprocal',
  'Erf',
  'Floor',
  'Ceil',
  'Round',
  'Sign',
  'Sin',
  'Cos',
  'Tan',
  'Atan',
  'Sinh',
  'Cosh',
  'Asinh',
  'Identity',
];

function* elementwise(): Generator<OperatorCase> {
  for (const op of [...activations, ...single]) for (const opset of [7, 13, 20, 22]) yield { op, opset, kind: 'pointwise' };
  for (const op of ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'PRelu', 'Max', 'Min', 'Sum', 'Mean'])
    for (const dims of [[], [1], [4, 1, 1], [1, 4, 1, 1], [12], [10, 12], [10, 1], [1, 1, 10, 12]]) {
      const kind = dims.slice(-2).every((length) => length === 1) ? 'pointwise' : 'positional';
      yield { op, opset: dims.length % 2 === 0 ? 13 : 8, kind, rest: [weights(...dims)] };
    }
  for (const op of ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'])
    yield { op, opset: 16, kind: 'pointwise', rest: [float(0)] };
  for (const op of ['Softmax', 'LogSoftmax', 'Hardmax'])
    for (const axis of [1, 2, 3, -1, -3])
      for (const opset of [7, 11, 13]) {
        if (axis < 0 && opset < 11) continue;
        yield {
          op,
          opset,
          kind: (axis === 1 || axis === -3) && opset === 13 ? 'channelwise' : 'positional',
          attributes: { axis: int(axis) },
        };
      }
}

function* normalisations(): Generator<OperatorCase> {
  for (const opset of [17, 22]) {
    yield {
      op: 'LayerNormalization',
      opset,
      kind: 'positional',
      attributes: { axis: int(-1) },
      rest: [weights(12), weights(12)],
      outputs: 1,
    };
    yield { op: 'LayerNormalization', opset, kind: 'positional', attributes: { axis: int(1) }, rest: [weights(4, 10, 12)] };
    yield { op: 'LayerNormalization', opset, kind: 'channelwise', attributes: { axis: int(1) }, rest: [weights(4, 1, 1)] };
    yield { op: 'LayerNormalization', opset, kind: 'channelwise', before: 'channels-last', rest: [weights(4), weights(4)] };
    yield {
      op: 'LayerNormalization',
      opset,
      kind: 'positional',
      before: 'channels-last',
      attributes: { axis: int(2) },
      rest: [weights(12, 4)],
    };
    yield { op: 'LpNormalization', opset, kind: 'positional' };
    yield { op: 'LpNormalization', opset, kind: 'channelwise', attributes: { axis: int(1), p: int(1) } };
    yield { op: 'MeanVarianceNormalization', opset, kind: 'channelwise' };
    yield { op: 'MeanVarianceNormalization', opset, kind: 'positional', attributes: { axes: ints(0, 2) } };
    yield { op: 'InstanceNormalization', opset, kind: 'channelwise', rest: [weights(4), weights(4)] };
    yield { op: 'LRN', opset, kind: 'channelwise', attributes: { size: int(3) } };
  }
  yield { op: 'GroupNormalization', opset: 18, kind: 'channelwise', attributes: { num_groups: int(2) }, rest: [weights(2), weights(2)] };
  yield { op: 'GroupNormalization', opset: 21, kind: 'channelwise', attributes: { num_groups: int(2) }, rest: [weights(4), weights(4)] };
  yield { op: 'RMSNormalization', opset: 23, kind: 'positional', attributes: { axis: int(-1) }, rest: [weights(12)] };
  yield { op: 'RMSNormalization', opset: 23, kind: 'channelwise', before: 'channels-last', rest: [weights(4)] };
  for (const opset of [7, 9, 14, 15])
    yield { op: 'BatchNormalization', opset, kind: 'pointwise', rest: [weights(4), weights(4), weights(4), floats(1, 2, 3, 4)] };
}

function* arrangements(): Generator<OperatorCase> {
  for (const target of [[0, -1], [2, 0, -1, 3], [1, 4, 120], [-1], [1, 2, 2, 10, 12], [4, 10, 12, 1], [1, 4, 10, 12]])
    for (const opset of [7, 14, 21]) yield { op: 'Reshape', opset, rest: [integers(...target)] };
  for (const axis of [0, 1, 2, 4, -1]) yield { op: 'Flatten', opset: axis < 0 ? 13 : 9, attributes: { axis: int(axis) } };
  for (const [index, perm] of [
    [0, 2, 3, 1],
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [0, 3, 1, 2],
    [1, 0, 2, 3],
  ].entries())
    yield {
      op: 'Transpose',
      opset: [7, 13, 21][index % 3]!,
      attributes: { perm: ints(...perm) },
      kind: index === 2 || index === 4 ? 'positional' : 'channelwise',
    };
  yield { op: 'Transpose', opset: 13, kind: 'channelwise', before: 'channels-last', attributes: { perm: ints(0, 3, 1, 2) } };
  for (const axes of [[2], [-2], [2, 3], [0]]) {
    yield { op: 'Squeeze', opset: 11, input: [1, 4, 1, 1], attributes: { axes: ints(...axes) } };
    yield { op: 'Squeeze', opset: 13, input: [1, 4, 1, 1], rest: [integers(...axes)] };
    yield { op: 'Unsqueeze', opset: 11, input: [4, 5, 6], attributes: { axes: ints(...axes) } };
    yield { op: 'Unsqueeze', opset: 13, input: [4, 5, 6], rest: [integers(...axes)] };
  }
  for (const opset of [7, 11, 13, 18]) {
    const count = opset === 18 ? { num_outputs: int(2) } : {};
    yield { op: 'Split', opset, kind: 'channelwise', outputs: 2, attributes: { axis: int(1), ...count } };
    yield { op: 'Split', opset, kind: 'positional', outputs: 2, attributes: { axis: int(2), ...count } };
    const sizes =
      opset < 13 ? { attributes: { axis: int(1), split: ints(1, 3) } } : { attributes: { axis: int(1) }, rest: [integers(1, 3)] };
    yield { op: 'Split', opset, kind: 'channelwise', outputs: 2, ...sizes };
  }
  yield { op: 'Split', opset: 18, outputs: 3, attributes: { axis: int(2), num_outputs: int(3) }, kind: 'positional' };
  for (const dims of [
    [1, 4, 3, 2],
    [3, 2],
    [2, 1, 1, 1],
  ])
    yield { op: 'Expand', opset: 8, input: [1, 4, 1, 1], rest: [integers(...dims)] };
  yield { op: 'Expand', opset: 13, kind: 'pointwise', rest: [integers(1, 1, 1, 1)] };
  yield { op: 'Tile', opset: 13, kind: 'positional', rest: [integers(1, 1, 2, 3)] };
  yield { op: 'Tile', opset: 6, kind: 'channelwise', rest: [integers(1, 3, 1, 1)] };
  for (const axis of [0, 1, -1])
    for (const opset of [7, 11, 13])
      if (axis >= 0 || opset > 7) yield { op: 'Gather', opset, attributes: { axis: int(axis) }, rest: [integers(0, 0)] };
  yield { op: 'Gather', opset: 13, attributes: { axis: int(2) }, rest: [integer(3)] };
  for (const opset of [7, 11, 13]) {
    yield { op: 'Concat', opset, kind: 'positional', attributes: { axis: int(2) }, rest: [weights(1, 4, 3, 12)] };
    yield { op: 'Concat', opset, kind: 'positional', attributes: { axis: int(1) }, rest: [weights(1, 2, 10, 12)] };
    yield { op: 'SpaceToDepth', opset, kind: 'space-to-depth', attributes: { blocksize: int(2) } };
    yield {
      op: 'DepthToSpace',
      opset,
      kind: 'transposed-convolution',
      attributes: { blocksize: int(2), ...(opset > 7 && { mode: text('CRD') }) },
    };
    for (const op of ['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'])
      yield { op, opset, kind: 'global-pool', input: opset === 7 ? [2, 3, 9] : [1, 2, 4, 5, 6] };
  }
}

test.each<[string, () => Iterable<OperatorCase>, number]>([
  ['Resize and Upsample', resizes, 250],
  ['Slice', slices, 50],
  ['Pad', pads, 40],
  ['reductions', reductions, 200],
  ['elementwise operators', elementwise, 180],
  ['normalisations', normalisations, 20],
  ['arrangements', arrangements, 80],
])('%s have the shapes that ONNX Runtime computes', { timeout: 60_000 }, async (name, cases, least) => {
  const { problems, ran, refused } = await tryAll(cases());
  console.log(`${name}: ${ran} cases on [${image.join()}] and others, ${refused.size} refused by the runtime`, [...refused]);
  expect(problems).toEqual([]);
  expect(ran).toBeGreaterThan(least);
});
