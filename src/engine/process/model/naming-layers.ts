import { deployedMaps } from '../../../core/equivariance/measure/deployed';
import { firstNotFinite, notFiniteFrom, NotFiniteError } from '../../../core/equivariance/measure/meaningless';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { deployedPlan } from '../../../core/equivariance/plan/output-plan';
import { openSize, planMeasurement } from '../../../core/equivariance/plan/plan';
import type { AxisPair } from '../../../core/graph/model-graph';
import { ModelError } from '../../../core/model-error';
import type { ReadModel } from '../../input/read-model';
import type { Engine } from '../../runtimes/engine';

/** Runs a model; where its values turn out not to be finite, the error names the first layer that gives such. @throws ModelError */
export async function namingLayers<Result>(
  engine: Engine,
  read: ReadModel,
  size: AxisPair | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof NotFiniteError)) throw error;
    // A model that cannot be run a second time, with all its maps kept, is told of without the layer.
    const layer = await layerBehind(error, engine, read, size).catch(() => undefined);
    throw layer === undefined ? error : new ModelError('not-finite', notFiniteFrom(layer), { cause: error });
  }
}

async function layerBehind(
  { images, protocol }: NotFiniteError,
  engine: Engine,
  read: ReadModel,
  size: AxisPair | undefined,
): Promise<string | undefined> {
  const { graph } = read;
  const circular = planMeasurement(graph, openSize(graph, size));
  const fetched = [...new Set([...deployedMaps(graph), ...graph.outputs])];
  const plan: MeasurePlan = protocol === 'circular' ? circular : deployedPlan(circular, graph, fetched);
  const model = await engine.openCircular(read, plan);
  try {
    return await firstNotFinite({ plan, graph, model }, images);
  } finally {
    await model.dispose();
  }
}
