import type { PlannedInput } from '../../../core/equivariance/plan/measure-plan';
import { planMeasurement } from '../../../core/equivariance/plan/plan';
import { feedsOf } from '../../../core/equivariance/plan/planned-input';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import { otherLayout } from '../../../core/graph/layout';
import type { AxisPair, ModelGraph } from '../../../core/graph/model-graph';
import { prepareInput } from '../../input/input';
import { turnedBatch } from '../../input/turned-batch';
import type { InputSpec } from '../../protocol/payload';
import type { Handler } from '../handler';
import { engineFor } from '../model/engine-for';
import { tensorSize, withSignalShape } from '../model/planned-input';
import { readModel } from '../../input/read-model';

/** Runs the unchanged model once. */
export const run: Handler<'run'> = async ({ model, input: spec }) => {
  const read = await readModel(model);
  const { opened, graph } = read;
  const engine = await engineFor(opened.format.id, 0);
  const { input } = planMeasurement(graph, tensorSize(spec, graph));
  const feeds = feedsOf(input, await deployedInput(spec, graph, input), graph.layout);
  const outputs = await engine.run(read, asDeclared(opened.graph, graph, feeds));
  return { backend: engine.backend, outputs };
};

/** The model as it stands takes images of its own size, which the pass may have had to round. */
async function deployedInput(spec: InputSpec, graph: ModelGraph, planned: PlannedInput): Promise<TensorBatch> {
  const given = withSignalShape(spec, graph);
  if (given.kind === 'tensor') return { data: given.data, dims: given.shape };
  const [height, width] = planned.declaredSize;
  const size: AxisPair = [height ?? planned.size[0], width ?? planned.size[1]];
  return prepareInput(given, { ...planned, layout: graph.layout, size });
}

/** Feeds as the file has them: images that it turns with its own axes, bare signals with none but those of the batch and the samples. */
function asDeclared(
  { tensors }: ModelGraph,
  { tensors: described, layout }: ModelGraph,
  feeds: ReadonlyMap<string, TensorBatch>,
): ReadonlyMap<string, TensorBatch> {
  return new Map(
    [...feeds].map(([tensor, fed]) => {
      const { data, dims } = described.get(tensor)?.turned === true ? turnedBatch(fed, otherLayout(layout)) : fed;
      const [batch = 1] = dims;
      return [tensor, { data, dims: tensors.get(tensor)?.shape?.length === 2 ? [batch, data.length / batch] : dims }] as const;
    }),
  );
}
