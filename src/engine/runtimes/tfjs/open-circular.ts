import type { CircularModel } from '../../../core/equivariance/walk/circular-model';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import type { ModelGraph } from '../../../core/graph/model-graph';
import type { ModelPayload } from '../../protocol/payload';
import { CircularGraphModel } from './circular-graph-model';
import { CircularLayersModel } from './circular-layers-model';
import { loadLayersModel } from './load-model';
import type { TensorFlow } from './tensorflow';

/** Opens a model of either format under the circular protocol. @throws ModelError */
export async function openCircular(tf: TensorFlow, payload: ModelPayload, graph: ModelGraph, plan: MeasurePlan): Promise<CircularModel> {
  if (graph.format === 'tfjs-graph') return CircularGraphModel.open(tf, payload, graph, plan);
  return new CircularLayersModel(tf, payload, await loadLayersModel(tf, payload), graph, plan);
}
