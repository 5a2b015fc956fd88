import { completeMeasurement } from '../../../core/compare/shared-prefix';
import type { Measurement } from '../../../core/equivariance/measure/measurement';
import type { CancellationProbe } from '../../../core/equivariance/walk/circular-model';
import { measureTogether } from '../../../core/equivariance/walk/polyphase';
import type { CallRequest } from '../../protocol/calls';
import { wasmProducts } from '../../runtimes/products/wasm-products';
import { inputFor, planFor } from '../model/planned-input';
import { nextTurn } from '../next-turn';
import { groupForWalks, walkBudget, type Walkable } from './groups';
import { withOpenedGroup } from './open-group';
import type { VariantModel, VariantSet } from './variant-model';
import { walkGroups, type VariantProgress, type VariantResults } from './walk';

/**
 * Heatmaps of a model and copies of it.
 * @returns undefined where it was cancelled
 * @throws ModelError
 */
export async function measureHeatmaps(
  wanted: Pick<CallRequest<'measure-variants'>, 'input' | 'options'>,
  { engine, original, wanted: variants, pixels }: VariantSet,
  progress: VariantProgress,
  cancellation: CancellationProbe,
): Promise<VariantResults<Measurement> | undefined> {
  const { metric, memoryBudgetBytes } = wanted.options;
  const walkable = (model: VariantModel): Walkable => ({
    model,
    graph: model.graph,
    plan: planFor({ graph: model.graph, pixels }, wanted),
  });
  const products = await wasmProducts();
  const groups = groupForWalks(walkable(original), variants.map(walkable), memoryBudgetBytes, engine.threads);
  return walkGroups<Measurement>(groups, progress, async (group, earlier) => {
    const { trunk, wantsTrunk, branches } = group;
    const input = await inputFor({ graph: trunk.graph, pixels }, trunk.plan, wanted.input);
    const measured = await withOpenedGroup(engine, group, (opened) =>
      measureTogether(opened.trunk, opened.branches, input, {
        metric,
        memoryBudgetBytes: walkBudget(group, memoryBudgetBytes),
        cancellation,
        onProgress: (done) => {
          progress.report(group, done);
        },
        products,
        pause: nextTurn,
      }),
    );
    const [ofTrunk, ...own] = measured ?? [];
    if (ofTrunk === undefined) return undefined;
    const base = wantsTrunk ? ofTrunk : (earlier.get(trunk.model) ?? ofTrunk);
    const copies = branches.flatMap(({ copy, part }, index) => {
      const branch = own[index];
      return branch === undefined ? [] : [completeMeasurement(copy, part, branch, base)];
    });
    return wantsTrunk ? [base, ...copies] : copies;
  });
}
