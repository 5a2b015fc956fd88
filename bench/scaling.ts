import { performance } from 'node:perf_hooks';
import type { TensorBatch } from '../src/core/equivariance/walk/circular-model';
import { ancestors } from '../src/core/equivariance/plan/ancestors';
import type { MeasurePlan } from '../src/core/equivariance/plan/measure-plan';
import { partOfPlan } from '../src/core/equivariance/plan/output-plan';
import { planMeasurement } from '../src/core/equivariance/plan/plan';
import { planWork } from '../src/core/equivariance/plan/plan-work';
import { measureEquivariance } from '../src/core/equivariance/walk/polyphase';
import { readModel, type ReadModel } from '../src/engine/input/read-model';
import type { ModelPayload } from '../src/engine/protocol/payload';
import { createOnnxEngine } from '../src/engine/runtimes/onnx/index';
import { wasmProducts } from '../src/engine/runtimes/products/wasm-products';
import { report, type Figure } from './figures';
import { resnet18 } from './networks';

/** What a measurement costs against its work: images of growing size, and more and more layers of one network. */
const sides = [32, 64, 96, 128, 224, 320, 448];
const layerSide = 128;
/** Shares of the layers, from a single one to all. */
const shares = [0, 0.125, 0.25, 0.5, 0.75, 1];
const memoryBudgetBytes = 1 << 30;

interface Cost {
  readonly label: string;
  readonly pixels: number;
  /** Multiply-adds of all runs. */
  readonly work: number;
  readonly milliseconds: number;
}

async function main(): Promise<void> {
  const bySize: Cost[] = [];
  for (const side of sides) {
    const read = await opened(side);
    bySize.push(await cost(read, planMeasurement(read.graph), `${side} x ${side} pixels`));
  }
  const byLayers: Cost[] = [];
  const read = await opened(layerSide);
  const whole = planMeasurement(read.graph);
  for (const share of shares) {
    const count = Math.max(1, Math.round(share * whole.layers.length));
    byLayers.push(await cost(read, firstLayers(whole, read, count), `${layerSide} x ${layerSide} pixels, ${count} layers`));
  }
  const figures: readonly Figure[] = [
    ...[...bySize, ...byLayers].flatMap(({ label, work, milliseconds }): readonly Figure[] => [
      { what: `ResNet-18, ${label}`, value: milliseconds, unit: 'ms', limit: null },
      { what: `ResNet-18, ${label}: multiply-adds`, value: work / 1e9, unit: 'G ', limit: null },
    ]),
    { what: 'time grows with the pixels to the power of', value: exponent(bySize, ({ pixels }) => pixels), unit: '  ', limit: 1.15 },
    { what: 'time grows with the multiply-adds of more pixels to the power of', value: exponent(bySize, workOf), unit: '  ', limit: 1.15 },
    {
      what: 'time grows with the multiply-adds of more layers to the power of',
      value: exponent(byLayers, workOf),
      unit: '  ',
      limit: 1.15,
    },
  ];
  if (!report(figures)) process.exitCode = 1;
}

async function opened(side: number): Promise<ReadModel> {
  const payload: ModelPayload = { path: 'resnet18.onnx', bytes: resnet18(side).bytes, folder: '.', overlay: {} };
  return readModel(payload);
}

async function cost(read: ReadModel, plan: MeasurePlan, label: string): Promise<Cost> {
  const [height, width] = plan.input.size;
  const image: TensorBatch = {
    data: Float32Array.from({ length: 3 * height * width }, (_, index) => Math.sin(index * 12.9898) * 0.5),
    dims: [1, 3, height, width],
  };
  const engine = await createOnnxEngine();
  const products = await wasmProducts();
  const start = performance.now();
  const model = await engine.openCircular(read, plan);
  await measureEquivariance({ plan, graph: read.graph, model }, image, {
    metric: 'flat',
    memoryBudgetBytes,
    cancellation: { cancelled: false },
    products,
  });
  const milliseconds = performance.now() - start;
  await model.dispose();
  return { label, pixels: height * width, work: planWork(plan), milliseconds };
}

/** The plan that measures so many layers from the first on. */
function firstLayers(plan: MeasurePlan, { graph }: ReadModel, count: number): MeasurePlan {
  const wanted = new Set(plan.layers.slice(0, count).map(({ tensor }) => tensor));
  const kept = new Set(ancestors(graph, wanted).layers.map(({ name }) => name));
  return { ...partOfPlan(plan, graph, kept, wanted), output: { ok: false, reason: 'The layers alone are timed.' } };
}

function workOf({ work }: Cost): number {
  return work;
}

/** p of the power law `time = c * amount^p` that fits best, by least squares of the logarithms. */
function exponent(costs: readonly Cost[], amountOf: (cost: Cost) => number): number {
  const points = costs.map((cost) => [Math.log(amountOf(cost)), Math.log(cost.milliseconds)] as const);
  const mean = (place: 0 | 1): number => points.reduce((sum, point) => sum + point[place], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const [above, below] = points.reduce(([a, b], [px, py]) => [a + (px - x) * (py - y), b + (px - x) ** 2], [0, 0]);
  return above / below;
}

void main();
