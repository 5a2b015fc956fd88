import { measureEquivariance } from '../core/equivariance/polyphase';
import type { CancellationProbe, TensorBatch } from '../core/equivariance/circular-model';
import type { PlannedInput } from '../core/equivariance/measure-plan';
import { planMeasurement } from '../core/equivariance/plan';
import { requireFormat } from '../core/formats/registry';
import type { AxisPair, FormatId, ModelGraph } from '../core/graph/model-graph';
import type { Engine } from './engine';
import { prepareInput } from './input/input';
import { wasmProducts } from './products/wasm-products';
import type { EngineEvent, EngineRequest, InputSpec } from './protocol';
import { payloadSource } from './source';

type MeasureRequest = Extract<EngineRequest, { kind: 'measure' }>;
type RunRequest = Extract<EngineRequest, { kind: 'run' }>;

/** Receives what happens, in order; the last event of a request is `measured`, `ran` or `cancelled`. */
export type Emit = (event: EngineEvent) => void;

/**
 * One measurement from request to result.
 * @throws ModelError where the model or the input cannot be used
 */
export async function serveMeasure(request: MeasureRequest, emit: Emit, cancellation: CancellationProbe): Promise<void> {
  const { id, model, options } = request;
  const source = payloadSource(model);
  const format = await requireFormat(source);
  const graph = await format.read(source);
  const plan = planMeasurement(graph, tensorSize(request.input, graph));
  const { channels, size } = plan.input;
  const input = prepareInput(request.input, { layout: graph.layout, channels, size });
  const engine = await engineFor(format.id);
  emit({ kind: 'started', id, backend: engine.backend, size, layers: plan.layers, notes: plan.notes, omitted: plan.omitted });
  const circular = await engine.openCircular(model, graph, plan);
  try {
    const measurement = await measureEquivariance(plan, graph, circular, input, {
      metric: options.metric,
      memoryBudgetBytes: budgetForMaps(options.memoryBudgetBytes, model.bytes.length),
      cancellation,
      onHeatmap: (index, heatmap) => { emit({ kind: 'heatmap', id, index, heatmap }); },
      onProgress: (done) => { emit({ kind: 'progress', id, done }); },
      products: await wasmProducts(),
      pause: nextTurn,
    });
    if (measurement === undefined) emit({ kind: 'cancelled', id });
    else emit({ kind: 'measured', id, backend: engine.backend, measurement });
  } finally {
    await circular.dispose();
  }
}

/** What the process and its runtime take before the first map, and how often a runtime may hold a weight: as file, packed, twice. */
const processBytes = 280 * 2 ** 20;
const weightCopies = 3;
const leastForMaps = 128 * 2 ** 20;

/** The budget is for the whole process; weights and the runtime itself come out of it first. */
function budgetForMaps(budgetBytes: number, modelBytes: number): number {
  return Math.max(Math.min(budgetBytes, leastForMaps), budgetBytes - processBytes - weightCopies * modelBytes);
}

/**
 * Runs the unchanged model once.
 * @throws ModelError where the model or the input cannot be used
 */
export async function serveRun(request: RunRequest, emit: Emit): Promise<void> {
  const { id, model } = request;
  const source = payloadSource(model);
  const format = await requireFormat(source);
  const graph = await format.read(source);
  const engine = await engineFor(format.id);
  const { input } = planMeasurement(graph, tensorSize(request.input, graph));
  const outputs = await engine.run(model, graph, new Map([[input.tensor, deployedInput(request.input, graph, input)]]));
  emit({ kind: 'ran', id, backend: engine.backend, outputs });
}

/** The model as it stands takes images of its own size, which the pass may have had to round. */
function deployedInput(spec: InputSpec, graph: ModelGraph, planned: PlannedInput): TensorBatch {
  if (spec.kind === 'tensor') return { data: spec.data, dims: spec.shape };
  const [height, width] = planned.declaredSize;
  const size: AxisPair = [height ?? planned.size[0], width ?? planned.size[1]];
  return prepareInput(spec, { layout: graph.layout, channels: planned.channels, size });
}

/** A tensor brings its own image size. */
function tensorSize(spec: InputSpec, graph: ModelGraph): AxisPair | undefined {
  if (spec.kind !== 'tensor' || spec.shape.length !== 4) return undefined;
  const [, a = 1, b = 1, c = 1] = spec.shape;
  return graph.layout === 'channels-first' ? [b, c] : [a, b];
}

const engines = new Map<FormatId, Promise<Engine>>();

/** The runtime of a format, loaded when first asked for: users of one format never load the other's. */
function engineFor(format: FormatId): Promise<Engine> {
  const known = engines.get(format);
  if (known !== undefined) return known;
  const loading = createEngine(format);
  engines.set(format, loading);
  return loading;
}

async function createEngine(format: FormatId): Promise<Engine> {
  switch (format) {
    case 'onnx':
      return (await import('./onnx/index')).createOnnxEngine();
    case 'tfjs-graph':
    case 'tfjs-layers':
      return (await import('./tfjs/index')).createTfjsEngine();
  }
}

/** Lets the process handle its messages, such as a cancellation, before going on. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
