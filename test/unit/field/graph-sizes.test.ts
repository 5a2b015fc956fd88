import { describe, expect, it } from 'vitest';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { readModel } from '../../../src/engine/input/read-model';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { flag, float, GraphBuilder, int } from '../tfjs-graph/graph-builder';
import { sourceOf } from '../tfjs-files';

const ints = { T: { type: 'DT_INT32' } };
const image = { data: Float32Array.from({ length: 16 }, (_, index) => index), dims: [1, 4, 4, 1] };

/** Sizes that a graph-model computes of the height of its image, 4, by what they come to. */
type Sizes = Readonly<Record<string, readonly [size: number, made: (builder: GraphBuilder, height: string) => string]>>;

const constant = (builder: GraphBuilder, value: number, name = `is${value}`): string => builder.constant(name, [], [value]);
const list = (builder: GraphBuilder, ...of: readonly string[]): string =>
  builder.op('Pack', `list${builder.nodes.length}`, of, { ...ints, N: int(of.length), axis: int(0) });
const ofList = (builder: GraphBuilder, op: string, values: string): string =>
  builder.op(op, `made${builder.nodes.length}`, [values, builder.constant(`axes${builder.nodes.length}`, [1], [0])], {
    ...ints,
    keep_dims: flag(false),
  });
const compared = (builder: GraphBuilder, op: string, height: string, value: number): string =>
  builder.op(op, `${op}${value}`, [height, constant(builder, value, `of${op}${value}`)], ints);

const sizes: Sizes = {
  'Select by Greater': [8, (b, h) => b.op('SelectV2', 'made', [compared(b, 'Greater', h, 3), constant(b, 8), constant(b, 2)], ints)],
  'Select by LogicalAnd of GreaterEqual and Less': [
    2,
    (b, h) => {
      const both = b.op('LogicalAnd', 'both', [compared(b, 'GreaterEqual', h, 4), compared(b, 'Less', h, 4)], {});
      return b.op('SelectV2', 'made', [both, constant(b, 8), constant(b, 2)], ints);
    },
  ],
  'Select by LogicalOr of Equal and NotEqual': [
    8,
    (b, h) => {
      const either = b.op('LogicalOr', 'either', [compared(b, 'Equal', h, 4), compared(b, 'NotEqual', h, 4)], {});
      return b.op('SelectV2', 'made', [either, constant(b, 8), constant(b, 2)], ints);
    },
  ],
  'Select by LogicalNot of LessEqual': [
    2,
    (b, h) =>
      b.op('SelectV2', 'made', [b.op('LogicalNot', 'not', [compared(b, 'LessEqual', h, 4)], {}), constant(b, 8), constant(b, 2)], ints),
  ],
  'Abs of a difference': [2, (b, h) => b.op('Abs', 'made', [b.op('Sub', 'less', [constant(b, 2), h], ints)], ints)],
  Neg: [4, (b, h) => b.op('Neg', 'made', [b.op('Neg', 'negative', [h], ints)], ints)],
  Mod: [1, (b, h) => b.op('Mod', 'made', [h, constant(b, 3)], ints)],
  'Sum of a Range': [2, (b, h) => ofList(b, 'Sum', b.op('Range', 'range', [constant(b, 0), h, constant(b, 2)], { Tidx: ints.T }))],
  'Max of a list': [8, (b, h) => ofList(b, 'Max', list(b, h, constant(b, 8)))],
  'Min of a list': [4, (b, h) => ofList(b, 'Min', list(b, h, constant(b, 8)))],
  'Ceil of a quotient that is whole': [
    4,
    (b, h) =>
      b.op('Cast', 'made', [b.op('Ceil', 'up', [b.op('Cast', 'wide', [h], { SrcT: ints.T, DstT: float })], { T: float })], {
        SrcT: float,
        DstT: ints.T,
      }),
  ],
};

describe('a size that a graph-model computes is known before it runs, as the runtime has it:', () => {
  it.each(Object.entries(sizes))('%s', async (_, [size, made]) => {
    const builder = new GraphBuilder();
    const input = builder.input([1, 4, 4, 1]);
    const shape = builder.op('Shape', 'shape', [input], { T: float, out_type: ints.T });
    const part = builder.op('Slice', 'part', [shape, builder.constant('from', [1], [1]), builder.constant('many', [1], [1])], {
      ...ints,
      Index: ints.T,
    });
    const height = builder.op('Squeeze', 'height', [part], { ...ints, squeeze_dims: { list: { i: [0] } } });
    builder.op('Reshape', 'y', [input, list(builder, made(builder, height), builder.constant('rest', [], [-1]))]);
    const model = builder.model(['y']);
    const { graph } = await tfjsGraphFormat.open(sourceOf(model));
    expect(graph.tensors.get('y')?.shape).toEqual([size, 16 / size]);
    const payload = {
      path: 'model.json',
      bytes: new TextEncoder().encode(model.text),
      folder: '.',
      overlay: Object.fromEntries(model.files),
    };
    const [output] = await (await createTfjsEngine()).run(await readModel(payload), new Map([['image', image]]));
    expect(output?.dims).toEqual([size, 16 / size]);
  });
});
