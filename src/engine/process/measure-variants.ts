import { completeMeasurement } from '../../core/compare/shared-prefix';
import type { CancellationProbe } from '../../core/equivariance/walk/circular-model';
import type { Measurement } from '../../core/equivariance/measure/measurement';
import { measureTogether } from '../../core/equivariance/walk/polyphase';
import { ModelError } from '../../core/model-error';
import type { ModelGraph } from '../../core/graph/model-graph';
import { choosePreprocessing } from '../../core/input/preprocessing';
import { chooseProtocol } from './classify';
import { classifyVariants } from './classify-variants';
import { openGroup } from './open-group';
import { wasmProducts } from '../runtimes/products/wasm-products';
import type { Classification, ClassifyOptions, EngineEvent, EngineRequest } from '../protocol/protocol';
import { engineFor, nextTurn, readModel } from './resources';
import { inputFor, planFor } from './session';
import { variantModel, type VariantModel, type VariantStudy } from './variant-models';
import { VariantProgress, walkGroups, type VariantResults } from './variant-walks';
import { groupForWalks, walkBudget, type Walkable } from './walk-groups';

type VariantsRequest = Extract<EngineRequest, { kind: 'measure-variants' }>;

/**
 * Measures a model and fixed copies of it, made in memory, and classifies images with them. What copies share with the model
 * is run once for as many of them as fit into memory together.
 * @throws ModelError where the model, a copy or the input cannot be used
 */
export async function serveVariants(
  request: VariantsRequest,
  emit: (event: EngineEvent) => void,
  cancellation: CancellationProbe,
): Promise<void> {
  const { id, model, options, variants } = request;
  const read = await readModel(model);
  const obstacle = request.images.length === 0 ? undefined : whyNotClassified(read.graph, options);
  const images = obstacle === undefined ? request.images : [];
  const label = variants.find(({ plans }) => plans.length === 0)?.label ?? model.path;
  const original = await variantModel(model, read, { label, plans: [] });
  const wanted: VariantModel[] = [];
  for (const spec of variants) wanted.push(spec.plans.length === 0 ? original : await variantModel(model, read, spec));
  const study: VariantStudy = {
    engine: await engineFor(read.format.id),
    original,
    wanted: [...new Set(wanted)],
    pixels: choosePreprocessing(read.graph, options.preprocessing),
  };
  const { backend } = study.engine;
  const { input, layers, notes, omitted } = planFor(read.graph, request.input, options, study.pixels);
  emit({ kind: 'started', id, backend, size: input.size, layers, notes, omitted });
  const progress = new VariantProgress(id, study.wanted.length * (images.length === 0 ? 1 : 2), emit);
  const measured = await measureVariants(request, study, progress, cancellation);
  const classified =
    images.length === 0
      ? new Map<VariantModel, Classification>()
      : measured && (await classifyVariants({ ...request, images }, study, progress, cancellation));
  if (measured === undefined || classified === undefined) {
    emit({ kind: 'cancelled', id });
    return;
  }
  const results = wanted.flatMap((variant) => {
    const measurement = measured.get(variant);
    if (measurement === undefined) return [];
    const told = obstacle === undefined ? measurement : { ...measurement, notes: [...measurement.notes, obstacle] };
    return [{ graph: variant.graph, outcomes: variant.outcomes, measurement: told, classification: classified.get(variant) }];
  });
  emit({ kind: 'variants', id, backend, variants: results });
}

/** Why a model's images are not classified, where it is measured all the same: a detector has no class scores. */
function whyNotClassified(graph: ModelGraph, options: Pick<ClassifyOptions, 'size'>): string | undefined {
  try {
    chooseProtocol(graph, options);
    return undefined;
  } catch (error) {
    if (error instanceof ModelError && error.code === 'unsupported') return error.message;
    throw error;
  }
}

/** @returns undefined where it was cancelled; @throws ModelError */
export async function measureVariants(
  { input: spec, options }: Pick<VariantsRequest, 'input' | 'options'>,
  { engine, original, wanted, pixels }: VariantStudy,
  progress: VariantProgress,
  cancellation: CancellationProbe,
): Promise<VariantResults<Measurement> | undefined> {
  const walkable = (model: VariantModel): Walkable => ({ model, graph: model.graph, plan: planFor(model.graph, spec, options, pixels) });
  const products = await wasmProducts();
  const groups = groupForWalks(walkable(original), wanted.map(walkable), options.memoryBudgetBytes, engine.threads);
  return walkGroups<Measurement>(groups, progress, async (group, earlier) => {
    const { trunk, wantsTrunk, branches } = group;
    const input = await inputFor(trunk.plan, trunk.graph, spec, pixels);
    const opened = await openGroup(engine, group);
    try {
      const measured = await measureTogether(opened.trunk, opened.branches, input, {
        metric: options.metric,
        memoryBudgetBytes: walkBudget(group, options.memoryBudgetBytes),
        cancellation,
        onProgress: (done) => {
          progress.report(group, done);
        },
        products,
        pause: nextTurn,
      });
      const [ofTrunk, ...own] = measured ?? [];
      if (ofTrunk === undefined) return undefined;
      const base = wantsTrunk ? ofTrunk : (earlier.get(trunk.model) ?? ofTrunk);
      const copies = branches.flatMap(({ copy, part }, index) => {
        const branch = own[index];
        return branch === undefined ? [] : [completeMeasurement(copy, part, branch, base)];
      });
      return wantsTrunk ? [base, ...copies] : copies;
    } finally {
      await opened.dispose();
    }
  });
}
