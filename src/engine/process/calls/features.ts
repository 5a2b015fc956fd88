import { measureFeatures, planFeatures } from '../../../core/equivariance/measure/feature-maps';
import { planWork } from '../../../core/equivariance/plan/plan-work';
import { wasmProducts } from '../../runtimes/products/wasm-products';
import type { Handler } from '../handler';
import { followedBy, withOpenedModel } from '../model/opened-model';
import { inputFor, planFor } from '../model/planned-input';

/** Feature maps of one layer for an image as it is and shifted. */
export const features: Handler<'features'> = (request, call) =>
  withOpenedModel(
    request,
    async (read) => {
      const whole = planFor(read, request);
      const planned = planFeatures(whole, read.graph, request.options.layer);
      // The image as it is, and shifted.
      const multiplyAdds = planWork(planned.plan, 2);
      return { plan: planned.plan, multiplyAdds, planned, notes: whole.notes, input: await inputFor(read, whole, request.input) };
    },
    async ({ engine, plan, planned, notes, graph, model, input, memoryBudgetBytes }) => {
      const maps = await measureFeatures({ plan, graph, model }, planned, input, request.options, {
        ...followedBy(call),
        metric: request.options.metric,
        memoryBudgetBytes,
        products: await wasmProducts(),
      });
      return maps && { backend: engine.backend, maps, notes: [...notes, ...engine.notesOfRun()] };
    },
  );
