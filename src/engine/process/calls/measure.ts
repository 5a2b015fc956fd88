import { measureEquivariance } from '../../../core/equivariance/walk/polyphase';
import { wasmProducts } from '../../runtimes/products/wasm-products';
import type { Handler } from '../handler';
import { followedBy, withOpenedModel } from '../model/opened-model';
import { inputFor, planFor } from '../model/planned-input';

/** Heatmaps of every layer over every shift. */
export const measure: Handler<'measure'> = (request, call) =>
  withOpenedModel(
    request,
    async (read) => {
      const plan = planFor(read, request);
      const input = await inputFor(read, plan, request.input);
      const { backend } = await read.engine({ plan });
      const { layers, notes, omitted } = plan;
      call.report({ kind: 'started', backend, size: plan.input.size, layers, notes, omitted });
      return { plan, input };
    },
    async ({ engine, plan, graph, model, input, memoryBudgetBytes }) => {
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
      return { backend: engine.backend, measurement: { ...measurement, notes } };
    },
  );
