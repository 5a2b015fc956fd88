import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { deployedPlan } from '../../../src/core/equivariance/plan/output-plan';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { feedsOf } from '../../../src/core/equivariance/plan/planned-input';
import { inMemory, pieceBytes } from '../../../src/core/formats/byte-source';
import type { ModelSource } from '../../../src/core/formats/format';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { onnxLinearLayers } from '../../../src/core/formats/onnx/weights/linear-layers';
import { replaceWeights } from '../../../src/core/formats/onnx/weights/replace-weights';
import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { indexGraph } from '../../../src/core/graph/dataflow';
import { lintGraph } from '../../../src/core/lint/linter';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { recoverWeights } from '../../../src/core/recover/recover';
import { segmentedPlan } from '../../../src/core/recover/segmented-plan';
import { stagesOf } from '../../../src/core/recover/stages';
import { recoverySteps } from '../../../src/core/recover/steps';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { wasmMatrixProducts } from '../../../src/engine/runtimes/products/wasm-matrix-products';
import { drawShapes, side } from '../../../samples/train/shapes';

const memorySource = (bytes: Uint8Array): ModelSource => ({
  ...inMemory(bytes),
  path: 'shapes.onnx',
  readSibling: () => Promise.resolve(undefined),
  siblingSize: () => Promise.resolve(undefined),
  readSiblingRange: () => Promise.resolve(undefined),
});

async function joined(source: ModelSource, pieces: Parameters<typeof pieceBytes>[1]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of pieceBytes(source, pieces)) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

function chw(images: Float32Array, index: number): Float32Array {
  const out = new Float32Array(side * side * 3);
  for (let p = 0; p < side * side; p++) for (let c = 0; c < 3; c++) out[c * side * side + p] = images[(index * side * side + p) * 3 + c]!;
  return out;
}
function rolled(image: Float32Array, [dy, dx]: readonly [number, number]): Float32Array {
  const out = new Float32Array(image.length);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) out[(c * side + ((y + dy) % side)) * side + ((x + dx) % side)] = image[(c * side + y) * side + x]!;
  return out;
}

test.each(['tri-3', 'bin-5'] as const)('sample %s', async (filter) => {
  const bytes = new Uint8Array(await readFile('samples/shapes.onnx'));
  const source = memorySource(bytes);
  const graph = await onnxFormat.read(source);
  const plans = lintGraph(indexGraph(graph), { filter: blurFilter(filter) }).flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
  const patch = await onnxFormat.patch(source, plans);
  if (patch.kind !== 'binary') throw new Error();
  const fixedBytes = await joined(source, patch.pieces);
  const fixedSource = memorySource(fixedBytes);
  const fixedGraph = await onnxFormat.read(fixedSource);
  const fixedModel = decodeModel(fixedBytes, 'f');
  const { lookup } = onnxLinearLayers(fixedModel, fixedSource);
  const { steps, left } = recoverySteps(graph, fixedGraph, lookup, 'all');
  const stages = stagesOf(fixedGraph, steps);
  console.log(
    left,
    stages.map((s) => s.map(({ linear }) => [linear.layer, linear.unknowns, linear.outputs, linear.biasPlace])),
  );
  const engine = await createOnnxEngine();
  const payload = (b: Uint8Array) => ({ path: 'shapes.onnx', bytes: b, folder: '/', overlay: {} });
  const planOf = (g: typeof graph, cuts: string[][]) =>
    segmentedPlan(deployedPlan(planMeasurement(g, [32, 32]), g, g.outputs), g, [...cuts, [...g.outputs]]);
  const originalPlan = planOf(
    graph,
    stages.map((s) => s.map(({ originalInput }) => originalInput)),
  );
  const fixedPlan = planOf(
    fixedGraph,
    stages.map((s) => s.map(({ fixedInput }) => fixedInput)),
  );
  const calibration = drawShapes(300, 77);
  const shifts = [
    [0, 0],
    [3, 5],
    [9, 2],
    [21, 14],
  ] as const;
  const samples = Array.from({ length: 300 }, (_, image) =>
    shifts
      .slice(0, 2)
      .map((shift, k) => ({
        image,
        shift: k === 0 ? shift : ([(image * 7) % 32, (image * 13) % 32] as const),
        isHeldOut: image % 5 === 4,
      })),
  ).flat();
  const t0 = performance.now();
  const recovery = await recoverWeights(
    {
      original: {
        graph,
        feeds: originalPlan.levels.map(({ feeds }) => feeds),
        inputs: (b) => feedsOf(originalPlan.input, b, graph.layout),
        model: await engine.openCircular(payload(bytes), graph, originalPlan),
      },
      fixed: {
        graph: fixedGraph,
        feeds: fixedPlan.levels.map(({ feeds }) => feeds),
        inputs: (b) => feedsOf(fixedPlan.input, b, fixedGraph.layout),
        open: async (weights) => {
          const { pieces } = await replaceWeights(fixedModel, fixedGraph, fixedSource, weights);
          return engine.openCircular(payload(await joined(fixedSource, pieces)), fixedGraph, fixedPlan);
        },
      },
      stages,
      samples,
      load: (s) => Promise.resolve({ data: rolled(chw(calibration.images, s.image), s.shift), dims: [1, 3, side, side] }),
    },
    {
      seed: 0,
      batch: 50,
      sumsBudgetBytes: 2 ** 30,
      addProducts: await wasmMatrixProducts(),
      cancellation: { cancelled: false },
      onProgress: () => undefined,
    },
  );
  console.log('seconds', (performance.now() - t0) / 1000, recovery!.layers);
  const testSet = drawShapes(1200, 2);
  const accuracy = async (b: Uint8Array, g: typeof graph): Promise<number> => {
    const data = new Float32Array(1200 * 3 * side * side);
    for (let i = 0; i < 1200; i++) data.set(chw(testSet.images, i), i * 3 * side * side);
    const [out] = await engine.run(payload(b), g, new Map([['input', { data, dims: [1200, 3, side, side] }]]));
    let right = 0;
    for (let i = 0; i < 1200; i++) {
      const s = out!.data.subarray(i * 6, i * 6 + 6);
      if (s.indexOf(Math.max(...s)) === testSet.classes[i]) right++;
    }
    return right / 12;
  };
  const { pieces } = await replaceWeights(fixedModel, fixedGraph, fixedSource, recovery!.weights);
  const recovered = await joined(fixedSource, pieces);
  console.log(
    filter,
    'original',
    await accuracy(bytes, graph),
    'inserted',
    await accuracy(fixedBytes, fixedGraph),
    'recovered',
    await accuracy(recovered, fixedGraph),
  );
  expect(recovered.length).toBe(fixedBytes.length);
});
