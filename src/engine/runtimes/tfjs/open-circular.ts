import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import type { ReadModel } from '../../input/read-model';
import { CircularGraphModel } from './circular-graph-model';
import { CircularLayersModel } from './circular-layers-model';
import type { SummingModel } from './level-results';
import { loadKnownLayers } from './load-model';
import type { TensorFlow } from './tensorflow';

/** Opens a model of either format under the circular protocol. @throws ModelError */
export async function openCircular(tf: TensorFlow, read: ReadModel, plan: MeasurePlan): Promise<SummingModel> {
  if (read.graph.format === 'tfjs-graph') return CircularGraphModel.open(tf, read, plan);
  return new CircularLayersModel(tf, read.payload, await loadKnownLayers(tf, read), read.graph, plan);
}
