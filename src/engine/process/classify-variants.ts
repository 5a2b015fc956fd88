import { sharesOutput } from '../../core/compare/shared-prefix';
import type { CancellationProbe } from '../../core/equivariance/walk/circular-model';
import { chooseProtocol, settingsOf } from './classify';
import { classifyFolder } from './classify-folder';
import { croppedAnswers, rolledAnswers } from './image-answers';
import { openGroup } from './open-group';
import type { Classification, EngineRequest } from '../protocol/protocol';
import type { VariantModel, VariantStudy } from './variant-models';
import { walkGroups, type VariantProgress, type VariantResults } from './variant-walks';
import { groupForWalks, membersOf, onlyOne, walkBudget, type Walkable, type WalkGroup } from './walk-groups';

type VariantsRequest = Extract<EngineRequest, { kind: 'measure-variants' }>;

/**
 * Classifies a folder of images with a model and copies of it, all under the protocol that suits the model. Rolled images take
 * one walk for all models; crops are run model by model.
 * @returns undefined where it was cancelled
 * @throws ModelError
 */
export async function classifyVariants(
  { images, options, pairs, seed }: Pick<VariantsRequest, 'images' | 'options' | 'pairs' | 'seed'>,
  { engine, original, wanted, pixels }: VariantStudy,
  progress: VariantProgress,
  cancellation: CancellationProbe,
): Promise<VariantResults<Classification> | undefined> {
  const chosen = chooseProtocol(original.graph, options);
  const { protocol } = chosen;
  const walkable = (model: VariantModel): Walkable => ({
    model,
    graph: model.graph,
    plan: chooseProtocol(model.graph, { ...options, protocol }).plan,
  });
  const groups =
    protocol === 'circular'
      ? groupForWalks(walkable(original), wanted.map(walkable), options.memoryBudgetBytes, engine.threads)
      : wanted.map((model) => onlyOne(walkable(model)));
  return walkGroups<Classification>(groups, progress, async (group, earlier) => {
    const { trunk } = group;
    const opened = await openGroup(engine, group);
    try {
      const answers =
        protocol === 'circular'
          ? rolledAnswers(opened.trunk, opened.branches, walkBudget(group, options.memoryBudgetBytes), cancellation)
          : croppedAnswers(trunk.plan, trunk.graph, opened.trunk.model, cancellation);
      const answering = membersOf(group).filter((member) => !takesScores(group, member));
      const folder = { input: trunk.plan.input, layout: trunk.graph.layout, protocol, preprocessing: pixels.preprocessing };
      const classified = await classifyFolder(folder, images, { pairs, seed }, answering.length, answers, cancellation, (index) => {
        progress.report(group, (index + 1) / images.length);
      });
      return (
        classified &&
        membersOf(group).flatMap((member) => {
          const rows = classified[answering.indexOf(takesScores(group, member) ? trunk : member)] ?? earlier.get(trunk.model);
          return rows === undefined
            ? []
            : [{ settings: settingsOf({ ...chosen, plan: member.plan }, pixels, engine.backend), rows: rows.rows, failed: rows.failed }];
        })
      );
    } finally {
      await opened.dispose();
    }
  });
}

/** Whether the trunk's scores are the member's. */
function takesScores({ branches }: WalkGroup, member: Walkable): boolean {
  return branches.some(({ copy, part }) => copy === member && sharesOutput(copy.plan, part));
}
