import type { PlannedInput } from '../../../core/equivariance/plan/measure-plan';
import { planMeasurement } from '../../../core/equivariance/plan/plan';
import { feedsOf } from '../../../core/equivariance/plan/planned-input';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import type { AxisPair, ModelGraph } from '../../../core/graph/model-graph';
import { prepareInput } from '../../input/input';
import type { InputSpec } from '../../protocol/payload';
import type { Handler } from '../handler';
import { engineFor } from '../model/engine-for';
import { tensorSize } from '../model/planned-input';
import { readModel } from '../../input/read-model';

/** Runs the unchanged model once. */
export const run: Handler<'run'> = async ({ model, input: spec }) => {
  const read = await readModel(model);
  const { opened, graph } = read;
  const engine = await engineFor(opened.format.id, 0);
  const { input } = planMeasurement(graph, tensorSize(spec, graph));
  const feeds = feedsOf(input, await deployedInput(spec, graph, input), graph.layout);
  const outputs = await engine.run(read, asDeclared(opened.graph, feeds));
  return { backend: engine.backend, outputs };
};

/** The model as it stands takes images of its own size, which the pass may have had to round. */
async function deployedInput(spec: InputSpec, graph: ModelGraph, planned: PlannedInput): Promise<TensorBatch> {
  if (spec.kind === 'tensor') return { data: spec.data, dims: spec.shape };
  const [height, width] = planned.declaredSize;
  const size: AxisPair = [height ?? planned.size[0], width ?? planned.size[1]];
  return prepareInput(spec, { ...planned, layout: graph.layout, size });
}

/** Feeds of a model of bare signals, which has no axes but those of the batch and the samples. */
function asDeclared({ tensors }: ModelGraph, feeds: ReadonlyMap<string, TensorBatch>): ReadonlyMap<string, TensorBatch> {
  return new Map(
    [...feeds].map(([tensor, { data, dims }]) => {
      const [batch = 1] = dims;
      return [tensor, { data, dims: tensors.get(tensor)?.shape?.length === 2 ? [batch, data.length / batch] : dims }] as const;
    }),
  );
}
