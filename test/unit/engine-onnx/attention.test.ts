import { describe, expect, test } from 'vitest';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { expectEveryShift } from '../equivariance/expect-every-shift';
import { inMemory } from './measuring';
import { NetworkBuilder } from './network-builder';

const size = [8, 12] as const;
const [height, width] = [4, 6];
const positions = height * width;
const strided = { kernel: [3, 3], stride: [2, 2], pads: [1, 1, 1, 1] };
const channels = 4;

class Attention extends NetworkBuilder {
  /** A map of `[channels, height, width]`, of stride and period 2. */
  stem(): string {
    return this.node('Relu', [this.convolution('image', { from: 2, to: channels }, strided)]);
  }

  /** A 1x1 convolution of a map, its positions flattened: `[channels, positions]`. */
  tokens(map: string): string {
    return this.reshape(this.convolution(map, { from: channels, to: channels }, { kernel: [1, 1] }), [0, channels, positions]);
  }

  swap(input: string, rank = 3): string {
    return this.node('Transpose', [input], {
      perm: { ints: [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2] },
    });
  }

  softmax(input: string, axis = -1): string {
    return this.node('Softmax', [input], { axis: { int: axis } });
  }

  times(a: string, b: string): string {
    return this.node('MatMul', [a, b]);
  }

  map(tokens: string): string {
    return this.reshape(tokens, [0, channels, height, width]);
  }

  /** Something that shifts are felt in. */
  after(map: string): string {
    return this.convolution(map, { from: channels, to: 2 }, strided);
  }
}

/** Builds a network up to a map of `channels`. */
type Block = (net: Attention) => string;

const periodic: Readonly<Record<string, Block>> = {
  'a non-local block with its residual': (net) => {
    const map = net.stem();
    const scores = net.softmax(net.times(net.swap(net.tokens(map)), net.tokens(map)));
    return net.node('Add', [map, net.map(net.swap(net.times(scores, net.swap(net.tokens(map)))))]);
  },
  'heads, a scale, and scores that are normalised over the queries': (net) => {
    const map = net.stem();
    const heads = (tokens: string): string => net.reshape(tokens, [0, 2, channels / 2, positions]);
    const scaled = net.node('Sqrt', [net.node('Abs', [net.times(net.swap(heads(net.tokens(map)), 4), heads(net.tokens(map)))])]);
    return net.map(net.times(heads(net.tokens(map)), net.softmax(scaled, 2)));
  },
  'channels that attend to channels, and linear attention': (net) => {
    const map = net.stem();
    const byChannel = net.times(net.softmax(net.times(net.tokens(map), net.swap(net.tokens(map)))), net.tokens(map));
    const context = net.times(net.softmax(net.tokens(map)), net.swap(net.tokens(map)));
    return net.map(net.node('Add', [byChannel, net.times(context, net.softmax(net.tokens(map), 1))]));
  },
  'tokens in rows with layers of their own: dense with bias and limits, a mean over all of them that gates each': (net) => {
    const rows = net.swap(net.tokens(net.stem()));
    const dense = net.node('Clip', [net.embed(net.dense(rows, channels, channels), [1, channels]), net.scalar(-0.5)]);
    const gate = net.node('Sigmoid', [net.node('ReduceMean', [dense], { axes: { ints: [1] } })]);
    return net.map(net.swap(net.node('Mul', [dense, gate])));
  },
  'attention along rows and along columns': (net) => {
    const map = net.stem();
    const alongRows = net.times(net.softmax(net.times(map, net.swap(map, 4))), map);
    const alongColumns = net.times(map, net.softmax(net.times(net.swap(map, 4), map)));
    return net.node('Add', [alongRows, alongColumns]);
  },
};

/** Positions are told apart by something that does not move with the image. */
const fixed: Readonly<Record<string, Block>> = {
  'a positional embedding of the tokens': (net) => {
    const rows = net.embed(net.swap(net.tokens(net.stem())), [positions, channels]);
    return net.map(net.swap(net.times(net.softmax(net.times(rows, net.swap(rows))), rows)));
  },
  'a bias of the scores by position': (net) => {
    const map = net.stem();
    const scores = net.softmax(net.embed(net.times(net.swap(net.tokens(map)), net.tokens(map)), [positions, positions]));
    return net.map(net.times(net.tokens(map), scores));
  },
  'weights along the positions': (net) => net.map(net.dense(net.tokens(net.stem()), positions, positions)),
  'some of the tokens, in front of the others': (net) => {
    const tokens = net.tokens(net.stem());
    const [first, rest] = [0, 1].map((part) =>
      net.node('Gather', [tokens, net.list(part === 0 ? [3] : Array.from({ length: positions - 1 }, (_, index) => index))], {
        axis: { int: 2 },
      }),
    );
    return net.map(net.node('Concat', [first!, rest!], { axis: { int: 2 } }));
  },
  'rows that become columns': (net) => net.map(net.reshape(net.swap(net.stem(), 4), [0, channels, positions])),
};

async function periodsOf(payload: ModelPayload): Promise<readonly (readonly number[])[]> {
  const { layers } = planMeasurement((await onnxFormat.open(payloadSource(payload))).graph);
  return layers.map(({ period, step }) => [...period, ...step]);
}

function built(block: Block): ModelPayload {
  const net = new Attention();
  return inMemory(net.build([2, ...size], net.after(block(net))));
}

describe('attention without positions repeats with the period of its map', () => {
  test.each(Object.entries(periodic))('%s', async (_, block) => {
    const payload = built(block);
    expect((await periodsOf(payload)).at(-2)).toEqual([2, 2, 1, 1]);
    expect((await periodsOf(payload)).at(-1)).toEqual([4, 4, 1, 1]);
    for (const metric of ['flat', 'channel'] as const)
      await expectEveryShift({ engine: await createOnnxEngine(), format: onnxFormat, payload, size }, metric);
  });

  test('scores of one period that weigh tokens of a longer one', async () => {
    const net = new Attention();
    const map = net.stem();
    const scores = net.softmax(net.times(net.swap(net.tokens(map)), net.tokens(map)));
    const deep = net.resize(
      net.convolution(map, { from: channels, to: channels }, strided),
      { scales: [1, 1, 2, 2] },
      'nearest',
      'asymmetric',
    );
    const weighed = net.map(net.times(net.reshape(deep, [0, channels, positions]), net.swap(scores)));
    const head = net.dense(net.node('Flatten', [net.times(net.tokens(map), scores)]), channels * positions, 3);
    const payload = inMemory(net.build([2, ...size], head, net.maxPool(weighed, strided)));
    expect((await periodsOf(payload)).at(-1)).toEqual([4, 4, 1, 1]);
    await expectEveryShift({ engine: await createOnnxEngine(), format: onnxFormat, payload, size }, 'flat');
  });

  test.each([
    ['an operator that nobody knows', (net: Attention, tokens: string) => net.node('RandomNormalLike', [tokens]), /cannot be followed/],
    [
      'one that resizes',
      (net: Attention, tokens: string) => net.resize(tokens, { scales: [1, 1, 2] }, 'nearest', 'asymmetric'),
      /resizes a value without positions/,
    ],
  ] as const)('%s is left out, on tokens too', async (_, read, reason) => {
    const net = new Attention();
    const { omitted } = planMeasurement(
      (await onnxFormat.open(payloadSource(inMemory(net.build([2, ...size], read(net, net.tokens(net.stem()))))))).graph,
    );
    expect(omitted.map((left) => left.reason)).toEqual([expect.stringMatching(reason)]);
  });

  test('an output of tokens is no vector', async () => {
    const net = new Attention();
    const payload = inMemory(net.build([2, ...size], net.swap(net.tokens(net.stem()))));
    const { output } = planMeasurement((await onnxFormat.open(payloadSource(payload))).graph);
    expect(output.ok ? '' : output.reason).toMatch(/every position of a map/);
  });
});

describe('what tells positions apart has a value of its own for every shift', () => {
  test.each(Object.entries(fixed))('%s', async (_, block) => {
    const payload = built(block);
    expect((await periodsOf(payload)).at(-1)).toEqual([...size, 1, 1]);
    await expectEveryShift({ engine: await createOnnxEngine(), format: onnxFormat, payload, size }, 'flat');
  });
});
