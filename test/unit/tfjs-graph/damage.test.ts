import { describe, expect, it } from 'vitest';
import { modelFormats } from '../../../src/core/formats/registry';
import { ModelError } from '../../../src/core/model-error';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { sourceOf, type MemoryModel } from '../tfjs-files';
import { GraphBuilder, ints, windowed } from './graph-builder';

const builder = new GraphBuilder();
builder.op('MaxPool', 'pool', [builder.input([1, 8, 8, 1])], { ...windowed([2, 2], 'SAME'), ksize: ints(1, 2, 2, 1) });
builder.op('BiasAdd', 'y', ['pool', builder.weight('bias', [1])]);
const model = builder.model(['y']);

const changed = (change: (json: Record<string, unknown>, nodes: Record<string, unknown>[]) => void): MemoryModel => {
  const json = JSON.parse(model.text) as Record<string, unknown>;
  change(json, (json['modelTopology'] as { node: Record<string, unknown>[] }).node);
  return { ...model, text: JSON.stringify(json) };
};

async function failure(broken: MemoryModel): Promise<{ code: string; message: string }> {
  const error: unknown = await tfjsGraphFormat.open(sourceOf(broken)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ModelError)) throw new Error(`Not a ModelError: ${String(error)}`);
  return { code: error.code, message: error.message };
}

describe('damaged graph-models', () => {
  it.each<[string, MemoryModel, string, string]>([
    [
      'a topology without nodes',
      changed((json) => {
        json['modelTopology'] = {};
      }),
      'malformed',
      'no list of nodes',
    ],
    [
      'a node without operator',
      changed((_, nodes) => {
        delete nodes[1]!['op'];
      }),
      'malformed',
      'node 1 of its topology has no name or no operator',
    ],
    [
      'inputs that are no names',
      changed((_, nodes) => {
        nodes[1]!['input'] = [7];
      }),
      'malformed',
      'the inputs of node "pool" are no list of names',
    ],
    [
      'two nodes of one name',
      changed((_, nodes) => {
        nodes[2]!['name'] = 'pool';
      }),
      'malformed',
      'two of its nodes are named "pool"',
    ],
    [
      'a node that reads what is not there',
      changed((_, nodes) => {
        nodes[1]!['input'] = ['nobody'];
      }),
      'malformed',
      'MaxPool node "pool" reads "nobody", which does not exist',
    ],
    [
      'a cycle',
      changed((_, nodes) => {
        nodes[1]!['input'] = ['y'];
      }),
      'malformed',
      'depends on itself',
    ],
    [
      'a short shard',
      { ...model, files: new Map([['weights.bin', new Uint8Array(2)]]) },
      'truncated',
      'has 2 bytes, but the manifest needs 4',
    ],
  ])('%s', async (_, broken, code, message) => {
    expect(await failure(broken)).toEqual({ code, message: expect.stringContaining(message) });
  });

  it('says of every prefix that it is incomplete, or knows no model in it', async () => {
    for (let length = 0; length < model.text.length; length += 97) {
      const text = model.text.slice(0, length);
      const formats = modelFormats.filter((format) => format.detect(new TextEncoder().encode(text)));
      if (formats.length === 0) continue;
      expect(formats.map(({ id }) => id)).toEqual(['tfjs-graph']);
      expect((await failure({ ...model, text })).code).toBe('truncated');
    }
  });

  it('takes attributes of other kinds for absent ones', async () => {
    for (const value of [null, 7, 'x', [], {}, { list: 7 }, { list: { i: ['x'] } }, { s: 'ÿ' }, { s: [1, 2] }]) {
      for (const name of ['strides', 'ksize', 'padding', 'data_format', 'T']) {
        const broken = changed((_, nodes) => {
          (nodes[1]!['attr'] as Record<string, unknown>)[name] = value;
        });
        const { graph } = await tfjsGraphFormat.open(sourceOf(broken));
        expect(graph.layers.map((layer) => layer.name)).toEqual(['pool', 'y']);
      }
    }
  });

  it('is not led to endless work by numbers in the file', async () => {
    const broken = changed((_, nodes) => {
      nodes[2]!['input'] = ['pool:4000000000', 'bias'];
    });
    expect((await tfjsGraphFormat.open(sourceOf(broken))).graph.layers).toHaveLength(2);
  });
});
