import type { MeasurePlan } from '../equivariance/plan/measure-plan';
import { runsInBatches } from '../equivariance/plan/measure-levels';
import { indexGraph } from '../graph/dataflow';
import type { ModelGraph } from '../graph/model-graph';
import { segmentsOf } from './segments';

/**
 * A plan that runs a model as it is, padding included, in parts: level i gives what is cut out behind part i.
 *
 * @param deployed the plan of the deployed protocol
 * @param cuts the tensors wanted of each part
 */
export function segmentedPlan(deployed: MeasurePlan, graph: ModelGraph, cuts: readonly (readonly string[])[]): MeasurePlan {
  const whole = deployed.levels.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
  const { flow } = indexGraph(graph);
  const segments = segmentsOf(graph, cuts);
  const layers = segments.reduce((sum, segment) => sum + segment.layers.length, 0);
  return {
    ...deployed,
    levels: segments.map((segment) => ({
      ...segment,
      period: [1, 1],
      step: [1, 1],
      batchable: runsInBatches(
        graph,
        segment.layers.flatMap((name) => flow.layer(name) ?? []),
      ),
      // Only tells whether a part is worth being shared among threads.
      multiplyAdds: (whole * segment.layers.length) / Math.max(1, layers),
    })),
  };
}
