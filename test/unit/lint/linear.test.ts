import { describe, expect, it } from 'vitest';
import { chainOfNodes, poolsOnOneTensor } from '../../../bench/large-graphs';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { encodeModel, encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { indexGraph } from '../../../src/core/graph/dataflow';
import type { Layer, Operation, Tensor } from '../../../src/core/graph/model-graph';
import { lintGraph } from '../../../src/core/lint/linter';
import { memorySource } from '../onnx/models';

/** How often judging looks at a layer's operation or at a tensor, and how many findings it comes to. */
async function looks(bytes: Uint8Array): Promise<{ readonly looks: number; readonly findings: number }> {
  const model = await onnxFormat.open(memorySource(bytes));
  let looks = 0;
  class CountingTensors extends Map<string, Tensor> {
    override get(name: string): Tensor | undefined {
      looks += 1;
      return super.get(name);
    }
  }
  const layers = model.graph.layers.map((layer): Layer =>
    Object.defineProperty({ ...layer }, 'operation', {
      get: (): Operation => {
        looks += 1;
        return layer.operation;
      },
    }),
  );
  const indexed = indexGraph({ ...model.graph, layers, tensors: new CountingTensors(model.graph.tensors) });
  const findings = lintGraph({ ...model, ...indexed }).length;
  return { looks, findings };
}

/** `count` average-pools behind a row of `count` layers that pass their input on. */
function poolsBehindIdentities(count: number): Uint8Array {
  const each = Array.from({ length: count }, (_, index) => index);
  const pool = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };
  return encodeModel({
    irVersion: 8,
    opsets: { '': 17 },
    nodes: [
      ...each.map((index) => encodeNode({ opType: 'Identity', inputs: [index === 0 ? 'image' : `i${index - 1}`], outputs: [`i${index}`] })),
      ...each.map((index) => encodeNode({ opType: 'AveragePool', inputs: [`i${count - 1}`], outputs: [`p${index}`], attributes: pool })),
    ],
    initializers: [],
    inputs: [encodeValueInfo('image', 1, [1, 3, 16, 16])],
    outputs: each.map((index) => encodeValueInfo(`p${index}`)),
  });
}

describe('judging twice the graph looks at twice as much', () => {
  it.each([
    ['pools that read one tensor', poolsOnOneTensor],
    ['pools in a row', (count: number) => chainOfNodes(count, 'pools')],
    ['activations in a row', (count: number) => chainOfNodes(count, 'activations')],
    ['pools behind a row of layers that pass their input on', poolsBehindIdentities],
  ])('%s', async (_, model) => {
    const [small, large] = [await looks(model(200)), await looks(model(400))];
    expect(large.findings).toBe(2 * small.findings);
    expect(large.looks).toBeGreaterThan(400);
    expect(large.looks).toBeLessThan(2 * small.looks + 20);
  });
});
