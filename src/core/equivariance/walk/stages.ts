import type { AxisPair } from '../../graph/model-graph';
import type { MeasurePlan } from '../plan/measure-plan';
import { area, isMultiple, samePair } from '../../graph/period';

/** The levels of several models that run for the same shifts. */
export interface Stage {
  readonly period: AxisPair;
  readonly step: AxisPair;
  /** Index of the level, by the model's place among the models. */
  readonly levels: ReadonlyMap<number, number>;
}

/**
 * Joins the levels of models to one chain of periods, each a multiple of the one before, so that one tree of phases serves
 * them all. Levels without layers are left out.
 *
 * @returns undefined where the periods make no chain
 */
export function joinLevels(plans: readonly Pick<MeasurePlan, 'levels'>[]): readonly Stage[] | undefined {
  const stages = plans.reduce<readonly Stage[]>((joined, plan, model) => withLevels(joined, plan, model), []);
  return stages.every((stage, index) => follows(stage, stages[index - 1])) ? stages : undefined;
}

/** A model by what its levels read; of the first, the trunk, others may read too. */
interface Reader {
  readonly plan: Pick<MeasurePlan, 'levels'>;
  /** Tensors that are the trunk's. */
  readonly fromTrunk: ReadonlySet<string> | undefined;
}

/** Tensors of a model that are read in some stages: by itself and, where it is the trunk, by all others. */
export function readTensors(stages: readonly Stage[], readers: readonly Reader[], model: number): ReadonlySet<string> {
  return new Set(
    stages.flatMap(({ levels }) =>
      [...levels].flatMap(([place, index]) => {
        const { plan, fromTrunk } = readers[place] ?? { plan: { levels: [] }, fromTrunk: undefined };
        return (plan.levels[index]?.feeds ?? []).filter((tensor) => (fromTrunk?.has(tensor) === true ? 0 : place) === model);
      }),
    ),
  );
}

function withLevels(stages: readonly Stage[], { levels }: Pick<MeasurePlan, 'levels'>, model: number): readonly Stage[] {
  const joined: Stage[] = [];
  let next = 0;
  for (const [index, { period, step, layers }] of levels.entries()) {
    if (layers.length === 0) continue;
    for (let stage = stages[next]; stage !== undefined && area(stage.period) < area(period); stage = stages[++next]) joined.push(stage);
    const stage = stages[next];
    const meets = stage !== undefined && samePair(stage.period, period) && samePair(stage.step, step);
    joined.push({ period, step, levels: new Map([...(meets ? stage.levels : []), [model, index]]) });
    if (meets) next++;
  }
  return [...joined, ...stages.slice(next)];
}

/** Where only some shifts are run, later stages cannot run for others. */
function follows({ period, step }: Stage, before: Stage | undefined): boolean {
  if (before === undefined) return true;
  return (
    isMultiple(period, before.period) && (samePair(before.step, [1, 1]) || (samePair(before.period, period) && samePair(before.step, step)))
  );
}
