import { prefixOf, trunkPlan } from '../../../core/compare/shared-prefix';
import type { Branch, WalkedModel } from '../../../core/equivariance/walk/walked-model';
import type { Engine } from '../../runtimes/engine';
import { BorrowingModel } from './borrowing-model';
import type { WalkGroup } from './groups';

/** A group whose models are open. */
export interface OpenedGroup {
  readonly trunk: WalkedModel;
  readonly branches: readonly Branch[];
}

/** Opens the models of a group, copies when they are first run, lets `use` walk them and closes them again. @throws ModelError */
export async function withOpenedGroup<Result>(
  engine: Engine,
  { trunk, wantsTrunk, branches }: WalkGroup,
  use: (opened: OpenedGroup) => Promise<Result>,
): Promise<Result> {
  const parts = branches.map(({ part }) => part);
  const plan = trunkPlan(trunk, parts);
  const original = await engine.openCircular(await trunk.model.read(), plan);
  const opened = branches.map(({ copy: { graph, model }, part }) => {
    const open = async () => engine.openCircular(await model.read(), part.plan, original);
    return { plan: part.plan, graph, fromTrunk: part.fromOriginal, model: new BorrowingModel(original, part.borrowedLevels, open) };
  });
  try {
    return await use({
      trunk: { plan: wantsTrunk ? plan : prefixOf(plan, parts), graph: trunk.graph, model: original },
      branches: opened,
    });
  } finally {
    for (const { model } of [...opened, { model: original }]) await model.dispose();
  }
}
