import { t } from '@vscode/l10n';
import { ModelError } from '../../../core/model-error';
import type { ShareDone } from '../../protocol/measuring';
import { membersOf, onlyOne, type WalkGroup } from './groups';
import type { VariantModel } from './variant-model';

/** Results by model. */
export type VariantResults<R> = ReadonlyMap<VariantModel, R>;

/** How far a call for variants is. */
export class VariantProgress {
  private finished = 0;
  private reported = 0;

  /** @param walks in all, a model that is walked counting once each time */
  constructor(
    private readonly walks: number,
    private readonly tell: (progress: ShareDone) => void,
  ) {}

  /** @param done share of the group's work, 0 to 1 */
  report(group: WalkGroup, done: number): void {
    const members = membersOf(group);
    // What a runtime refused is walked again, and an original nobody asked for counts too: progress waits meanwhile.
    this.reported = Math.max(this.reported, Math.min(1, (this.finished + done * members.length) / this.walks));
    this.tell({ kind: 'share', done: this.reported, label: named(members.map(({ model }) => model.label)) });
  }

  finish(group: WalkGroup): void {
    this.finished += membersOf(group).length;
  }
}

/**
 * Walks groups one after another. A group that the runtime refuses is taken apart: it may refuse a part of a model that it runs as
 * a whole.
 *
 * @param walk gives one result for each member of the group, from those of earlier groups too; undefined where it was cancelled
 */
export async function walkGroups<R>(
  groups: readonly WalkGroup[],
  progress: VariantProgress,
  walk: (group: WalkGroup, earlier: VariantResults<R>) => Promise<readonly R[] | undefined>,
): Promise<VariantResults<R> | undefined> {
  const results = new Map<VariantModel, R>();
  const queue = [...groups];
  for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
    const members = membersOf(group);
    try {
      const given = await walk(group, results);
      if (given === undefined) return undefined;
      for (const [index, { model }] of members.entries()) {
        const result = given[index];
        if (result !== undefined) results.set(model, result);
      }
      progress.finish(group);
    } catch (error) {
      if (group.branches.length === 0 || !(error instanceof ModelError) || error.code !== 'unsupported') throw error;
      queue.unshift(...members.map(onlyOne));
    }
  }
  return results;
}

/** Names for a line of text. */
function named(labels: readonly string[]): string {
  const [first = '', second = ''] = labels;
  return labels.length <= 3 ? labels.join(', ') : t`${first}, ${second} and ${labels.length - 2} more`;
}
