import { prefixOf, trunkPlan } from '../../core/compare/shared-prefix';
import type { Branch, WalkedModel } from '../../core/equivariance/walk/walked-model';
import { BorrowingModel } from './borrowing-model';
import type { Engine } from '../runtimes/engine';
import type { WalkGroup } from './walk-groups';

/** A group whose models are open. */
export interface OpenedGroup {
  readonly trunk: WalkedModel;
  readonly branches: readonly Branch[];
  readonly dispose: () => Promise<void>;
}

/** Opens the models of a group; copies when they are first run. @throws ModelError */
export async function openGroup(engine: Engine, { trunk, wantsTrunk, branches }: WalkGroup): Promise<OpenedGroup> {
  const parts = branches.map(({ part }) => part);
  const plan = trunkPlan(trunk, parts);
  const original = await engine.openCircular(await trunk.model.payload(), trunk.graph, plan);
  const opened = branches.map(({ copy: { graph, model }, part }) => {
    const open = async () => engine.openCircular(await model.payload(), graph, part.plan, original);
    return { plan: part.plan, graph, fromTrunk: part.fromOriginal, model: new BorrowingModel(original, part.borrowedLevels, open) };
  });
  return {
    trunk: { plan: wantsTrunk ? plan : prefixOf(plan, parts), graph: trunk.graph, model: original },
    branches: opened,
    dispose: async () => {
      for (const { model } of [...opened, { model: original }]) await model.dispose();
    },
  };
}
