import { measureEquivariance } from '../../core/equivariance/walk/polyphase';
import type { CancellationProbe, TensorBatch } from '../../core/equivariance/walk/circular-model';
import { geometryOf } from '../../core/equivariance/measure/feature-geometry';
import type { MeasurePlan, PlannedInput } from '../../core/equivariance/plan/measure-plan';
import { feedsOf } from '../../core/equivariance/plan/planned-input';
import { openSize, planMeasurement } from '../../core/equivariance/plan/plan';
import { choosePreprocessing, preprocessingNote, type ChosenPreprocessing } from '../../core/input/preprocessing';
import { heightAxis } from '../../core/graph/layout';
import type { AxisPair, ModelGraph } from '../../core/graph/model-graph';
import { prepareInput } from '../input/input';
import { wasmProducts } from '../runtimes/products/wasm-products';
import type { EngineEvent, EngineRequest, InputSpec, MeasureOptions } from '../protocol/protocol';
import { budgetForMaps, engineFor, nextTurn, readModel } from './resources';

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
  const { format, graph } = await readModel(model);
  const pixels = choosePreprocessing(graph, options.preprocessing);
  const plan = planFor(graph, request.input, options, pixels);
  const { size } = plan.input;
  const input = await inputFor(plan, graph, request.input, pixels);
  const engine = await engineFor(format.id);
  emit({ kind: 'started', id, backend: engine.backend, size, layers: plan.layers, notes: plan.notes, omitted: plan.omitted });
  const circular = await engine.openCircular(model, graph, plan);
  try {
    const measurement = await measureEquivariance(plan, graph, circular, input, {
      metric: options.metric,
      memoryBudgetBytes: budgetForMaps(options.memoryBudgetBytes, graph, model.bytes.length),
      cancellation,
      onHeatmap: (index, heatmap) => {
        emit({ kind: 'heatmap', id, index, heatmap });
      },
      onProgress: (done) => {
        emit({ kind: 'progress', id, done });
      },
      products: await wasmProducts(),
      pause: nextTurn,
    });
    if (measurement === undefined) emit({ kind: 'cancelled', id });
    else emit({ kind: 'measured', id, backend: engine.backend, measurement });
  } finally {
    await circular.dispose();
  }
}

/** The plan of a measurement, its notes on the input included. @throws ModelError where the model cannot be measured */
export function planFor(
  graph: ModelGraph,
  spec: InputSpec,
  { size }: Pick<MeasureOptions, 'size'>,
  pixels: ChosenPreprocessing,
): MeasurePlan {
  const planned = planMeasurement(graph, tensorSize(spec, graph) ?? openSize(graph, size));
  return { ...planned, notes: [...planned.notes, ...(spec.kind === 'image' ? preprocessingNote(pixels) : [])] };
}

/** The image that a plan takes, batch 1. @throws ModelError where the input cannot be used */
export async function inputFor(
  { input }: MeasurePlan,
  { layout }: ModelGraph,
  spec: InputSpec,
  { preprocessing }: ChosenPreprocessing,
): Promise<TensorBatch> {
  return prepareInput(spec, { ...input, layout, preprocessing });
}

/**
 * Runs the unchanged model once.
 * @throws ModelError where the model or the input cannot be used
 */
export async function serveRun(request: RunRequest, emit: Emit): Promise<void> {
  const { id, model } = request;
  const { format, graph } = await readModel(model);
  const engine = await engineFor(format.id);
  const { input } = planMeasurement(graph, tensorSize(request.input, graph));
  const outputs = await engine.run(model, graph, feedsOf(input, await deployedInput(request.input, graph, input), graph.layout));
  emit({ kind: 'ran', id, backend: engine.backend, outputs });
}

/** The model as it stands takes images of its own size, which the pass may have had to round. */
async function deployedInput(spec: InputSpec, graph: ModelGraph, planned: PlannedInput): Promise<TensorBatch> {
  if (spec.kind === 'tensor') return { data: spec.data, dims: spec.shape };
  const [height, width] = planned.declaredSize;
  const size: AxisPair = [height ?? planned.size[0], width ?? planned.size[1]];
  return prepareInput(spec, { ...planned, layout: graph.layout, size });
}

/** A tensor brings its own image size. */
function tensorSize(spec: InputSpec, graph: ModelGraph): AxisPair | undefined {
  if (spec.kind !== 'tensor') return undefined;
  return geometryOf(graph.ofSignals === true ? spec.shape.toSpliced(heightAxis(graph.layout), 0, 1) : spec.shape, graph.layout)?.size;
}
