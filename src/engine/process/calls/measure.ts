import type { ClassNames } from '../../../core/consistency/class-names';
import type { Measurement } from '../../../core/equivariance/measure/measurement';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import type { TensorBatch } from '../../../core/equivariance/walk/circular-model';
import type { ModelGraph } from '../../../core/graph/model-graph';
import type { Picture } from '../../../core/input/picture';
import { classNames } from '../../input/class-names';
import { pictureOf } from '../../input/picture';
import type { InputSpec, ModelPlace } from '../../protocol/payload';
import { measureEquivariance } from '../../../core/equivariance/walk/polyphase';
import { wasmProducts } from '../../runtimes/products/wasm-products';
import type { Handler } from '../handler';
import { followedBy, withOpenedModel } from '../model/opened-model';
import { inputFor, planFor, type PixelModel } from '../model/planned-input';

/** Heatmaps of every layer over every shift. */
export const measure: Handler<'measure'> = (request, call) =>
  withOpenedModel(
    request,
    async (read) => {
      const plan = planFor(read, request);
      const input = await inputFor(read, plan, request.input);
      const { backend } = await read.engine({ plan });
      const { layers, notes, omitted } = plan;
      const picture = shownPicture(read, plan, input, request.input);
      call.report({ kind: 'started', backend, size: plan.input.size, layers, notes, omitted, picture });
      return { plan, input, picture };
    },
    async ({ engine, plan, graph, model, input, picture, memoryBudgetBytes }) => {
      const measurement = await measureEquivariance({ plan, graph, model }, input, {
        ...followedBy(call),
        metric: request.options.metric,
        memoryBudgetBytes,
        onHeatmap: (index, heatmap) => {
          call.report({ kind: 'heatmap', index, heatmap });
        },
        products: await wasmProducts(),
      });
      if (measurement === undefined) return undefined;
      const notes = [...measurement.notes, ...engine.notesOfRun()];
      const classNames = await namesOfClasses(measurement.output, graph, request.model);
      return { backend: engine.backend, measurement: { ...measurement, notes }, picture, classNames };
    },
  );

function shownPicture(
  { graph, pixels }: PixelModel,
  { input: { images } }: MeasurePlan,
  input: TensorBatch,
  spec: InputSpec,
): Picture | null {
  const scaled = spec.kind !== 'tensor' && { preprocessing: pixels.preprocessing };
  return pictureOf(input, { layout: graph.layout, channels: images[0]?.channels ?? 0, ...scaled }) ?? null;
}

async function namesOfClasses(output: Measurement['output'], graph: ModelGraph, model: ModelPlace): Promise<ClassNames | null> {
  return 'reason' in output ? null : ((await classNames(graph, model, output.values)) ?? null);
}
