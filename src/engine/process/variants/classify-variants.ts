import { sharesOutput } from '../../../core/compare/shared-prefix';
import type { CancellationProbe } from '../../../core/equivariance/walk/circular-model';
import type { CallRequest } from '../../protocol/calls';
import type { Classification } from '../../protocol/classifying';
import { classifyFolder } from '../classify/classify-folder';
import { chooseProtocol, settingsOf, shownAs } from '../classify/choose-protocol';
import { croppedAnswers, rolledAnswers } from '../classify/image-answers';
import { groupForWalks, membersOf, onlyOne, walkBudget, type Walkable, type WalkGroup } from './groups';
import { withOpenedGroup } from './open-group';
import type { VariantModel, VariantSet } from './variant-model';
import { walkGroups, type VariantProgress, type VariantResults } from './walk';

/**
 * Classifies a folder of images with a model and copies of it, all under the protocol that suits the model. Rolled images take
 * one walk for all models; crops are run model by model.
 * @returns undefined where it was cancelled
 * @throws ModelError
 */
export async function classifyVariants(
  { images, options, pairs, seed }: Pick<CallRequest<'measure-variants'>, 'images' | 'options' | 'pairs' | 'seed'>,
  { engine, original, wanted, pixels }: VariantSet,
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
    const answering = membersOf(group).filter((member) => !takesScores(group, member));
    const classified = await withOpenedGroup(engine, group, (opened) =>
      classifyFolder({
        ...shownAs({ ...trunk, protocol }, pixels),
        images,
        pairs,
        seed,
        models: answering.length,
        answers:
          protocol === 'circular'
            ? rolledAnswers(opened, walkBudget(group, options.memoryBudgetBytes), cancellation)
            : croppedAnswers({ ...trunk, model: opened.trunk.model }, cancellation),
        cancellation,
        onImage: (index) => {
          progress.report(group, (index + 1) / images.length);
        },
      }),
    );
    return (
      classified &&
      membersOf(group).flatMap((member) => {
        const rows = classified[answering.indexOf(takesScores(group, member) ? trunk : member)] ?? earlier.get(trunk.model);
        return rows === undefined
          ? []
          : [{ settings: settingsOf({ ...chosen, plan: member.plan }, pixels, engine.backend, []), rows: rows.rows, failed: rows.failed }];
      })
    );
  });
}

/** Whether the trunk's scores are the member's. */
function takesScores({ branches }: WalkGroup, member: Walkable): boolean {
  return branches.some(({ copy, part }) => copy === member && sharesOutput(copy.plan, part));
}
