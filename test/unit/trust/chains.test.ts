import { describe, expect, it } from 'vitest';
import { encodeModel, encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import type { ModelSource } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { memorySource } from '../onnx/models';
import { GraphBuilder, windowed } from '../tfjs-graph/graph-builder';
import { sourceOf } from '../tfjs-files';
import { countedSteps } from './counted-steps';

/** What the links of a chain are: nothing is found of activations, something of every pool of an open image. */
type Links = 'activations' | 'pools';

function onnx(count: number, links: Links): ModelSource {
  const attributes = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };
  const nodes = Array.from({ length: count }, (_, at) =>
    encodeNode({
      name: `n${at}`,
      opType: links === 'pools' ? 'MaxPool' : 'Relu',
      inputs: [at === 0 ? 'x' : `t${at - 1}`],
      outputs: [`t${at}`],
      ...(links === 'pools' && { attributes }),
    }),
  );
  const inputs = [encodeValueInfo('x', 1, [1, 3, 'height', 'width'])];
  return memorySource(encodeModel({ irVersion: 8, opsets: { '': 17 }, nodes, inputs, outputs: [encodeValueInfo(`t${count - 1}`)] }));
}

function graphModel(count: number, links: Links): ModelSource {
  const builder = new GraphBuilder();
  let last = builder.input([1, -1, -1, 3]);
  for (let at = 0; at < count; at++) {
    const pooled = { ...windowed([2, 2], 'VALID'), ksize: { list: { i: ['1', '2', '2', '1'] } } };
    last = links === 'pools' ? builder.op('MaxPool', `n${at}`, [last], pooled) : builder.op('Relu', `n${at}`, [last]);
  }
  return sourceOf(builder.model([last]));
}

function layersModel(count: number, links: Links): ModelSource {
  const layers = Array.from({ length: count }, (_, at) => ({
    class_name: links === 'pools' ? 'MaxPooling2D' : 'ReLU',
    name: `n${at}`,
    config: { name: `n${at}`, pool_size: [2, 2], strides: [2, 2] },
    inbound_nodes: [[[at === 0 ? 'x' : `n${at - 1}`, 0, 0, {}]]],
  }));
  const input = { class_name: 'InputLayer', name: 'x', config: { name: 'x', batch_input_shape: [null, null, null, 3] }, inbound_nodes: [] };
  const config = { name: 'm', layers: [input, ...layers], input_layers: [['x', 0, 0]], output_layers: [[`n${count - 1}`, 0, 0]] };
  const text = JSON.stringify({ format: 'layers-model', modelTopology: { model_config: { class_name: 'Model', config } } });
  return sourceOf({ text, files: new Map() });
}

/** Steps of opening, judging and locating: `limits.test.ts` opens chains of 100,000 nodes, and refuses longer ones. */
async function stepsOf(source: ModelSource, expectedFindings: number): Promise<number> {
  let found = 0;
  const steps = await countedSteps(async () => {
    const model = await openModel(source);
    const findings = lintGraph(model);
    await model.locate(findings.map(({ layer }) => layer));
    found = findings.length;
  });
  expect(found).toBe(expectedFindings);
  return steps;
}

const count = 400;
/** Steps that every node may take, over everything that is done with it. */
const mostStepsPerNode = 1500;

describe.each([
  ['ONNX', onnx],
  ['a graph-model', graphModel],
  ['a layers-model', layersModel],
] as const)('a chain of nodes in %s', (_, chain) => {
  it.each(['activations', 'pools'] as const)('of %s takes work in proportion to its nodes', async (links) => {
    const findings = (nodes: number): number => (links === 'pools' ? nodes : 0);
    const once = await stepsOf(chain(count, links), findings(count));
    const twice = await stepsOf(chain(2 * count, links), findings(2 * count));
    expect(twice / once).toBeGreaterThan(1.1);
    expect(twice / once).toBeLessThan(2.1);
    expect(twice / (2 * count)).toBeLessThan(mostStepsPerNode);
  });
});

it('the counter sees work that grows with the square', async () => {
  const square = (length: number) => countedSteps(() => Promise.resolve(Array.from({ length }).map((_, at, all) => all.indexOf(at))));
  expect((await square(200)) / (await square(100))).toBeGreaterThan(3.9);
});
