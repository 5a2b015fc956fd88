import { planWork } from '../../../core/equivariance/plan/plan-work';
import type { ModelGraph } from '../../../core/graph/model-graph';
import { choosePreprocessing } from '../../../core/input/preprocessing';
import { ModelError } from '../../../core/model-error';
import type { Classification, ClassifyOptions } from '../../protocol/classifying';
import { chooseProtocol } from '../classify/choose-protocol';
import type { Handler } from '../handler';
import { engineFor } from '../model/engine-for';
import { namingLayers } from '../model/naming-layers';
import { planFor } from '../model/planned-input';
import { readForImage } from '../model/read-for-image';
import { classifyVariants } from '../variants/classify-variants';
import { measureHeatmaps } from '../variants/measure-heatmaps';
import { variantModel, type VariantModel, type VariantSet } from '../variants/variant-model';
import { VariantProgress } from '../variants/walk';

/**
 * Measures a model and fixed copies of it, made in memory, and classifies images with them. What copies share with the model
 * is run once for as many of them as fit into memory together.
 */
export const measureVariants: Handler<'measure-variants'> = async (request, call) => {
  const { model: payload, options, variants } = request;
  const read = await readForImage(payload, options.size, request.input);
  const obstacle = request.images.length === 0 ? undefined : whyNotClassified(read.graph, options);
  const images = obstacle === undefined ? request.images : [];
  const label = variants.find(({ plans }) => plans.length === 0)?.label ?? payload.path;
  const original = await variantModel(read, { label, plans: [] });
  const wanted: VariantModel[] = [];
  for (const spec of variants) wanted.push(spec.plans.length === 0 ? original : await variantModel(read, spec));
  const pixels = choosePreprocessing(read.graph, options.preprocessing);
  const plan = planFor({ graph: read.graph, pixels }, request);
  const { input, layers, notes, omitted } = plan;
  const engine = await engineFor(read.opened.format.id, wanted.length * planWork(plan));
  const set: VariantSet = { engine, original, wanted: [...new Set(wanted)], pixels };
  call.report({ kind: 'started', backend: engine.backend, size: input.size, layers, notes, omitted });
  const progress = new VariantProgress(set.wanted.length * (images.length === 0 ? 1 : 2), call.report);
  const measured = await measureHeatmaps(request, set, progress, call);
  const classified =
    images.length === 0
      ? new Map<VariantModel, Classification>()
      : measured && (await namingLayers(engine, read, options.size, () => classifyVariants({ ...request, images }, set, progress, call)));
  if (measured === undefined || classified === undefined) return undefined;
  const notesOfRun = [...(obstacle === undefined ? [] : [obstacle]), ...engine.notesOfRun()];
  const results = wanted.flatMap((variant) => {
    const measurement = measured.get(variant);
    if (measurement === undefined) return [];
    const told = { ...measurement, notes: [...measurement.notes, ...notesOfRun] };
    return [{ graph: variant.graph, outcomes: variant.outcomes, measurement: told, classification: classified.get(variant) }];
  });
  return { backend: engine.backend, variants: results };
};

/** Why a model's images are not classified, where it is measured all the same: a detector has no class scores. */
function whyNotClassified(graph: ModelGraph, options: Pick<ClassifyOptions, 'size' | 'memoryBudgetBytes'>): string | undefined {
  try {
    chooseProtocol(graph, options);
    return undefined;
  } catch (error) {
    if (error instanceof ModelError && error.code === 'unsupported') return error.message;
    throw error;
  }
}
