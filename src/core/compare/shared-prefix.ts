import { t } from '@vscode/l10n';
import type { MeasurePlan } from '../equivariance/plan/measure-plan';
import { leftOut } from '../equivariance/measure/meaningless';
import type { Measurement } from '../equivariance/measure/measurement';
import { partOfPlan } from '../equivariance/plan/output-plan';
import { inputTensors } from '../equivariance/plan/planned-input';
import { joinLevels } from '../equivariance/walk/stages';
import type { Layer, ModelGraph } from '../graph/model-graph';

/** A model and how it is measured. */
export interface PlannedModel {
  readonly graph: ModelGraph;
  readonly plan: MeasurePlan;
}

/** What a fixed copy of a model runs itself where the original runs too: all but the prefix that both share. */
export interface OwnPart {
  /** The copy's plan with its own layers only, level by level. */
  readonly plan: MeasurePlan;
  /** Tensors of the original that these layers read. Names alone do not tell: a blur may take that of the tensor it blurs. */
  readonly fromOriginal: ReadonlySet<string>;
  /** Levels that are a level of the original on other maps, by index: the original's opened model runs them just as well. */
  readonly borrowedLevels: ReadonlyMap<number, number>;
}

/**
 * Tells what a copy shares with its original: layers of the same name, operation, inputs, outputs and treatment all of whose
 * ancestors are shared.
 *
 * @param changed layers that were fixed in the copy, which share nothing whatever they look like
 * @returns undefined where the two do not take the same image
 */
export function ownPart(original: PlannedModel, copy: PlannedModel, changed: ReadonlySet<string>): OwnPart | undefined {
  const { plan, graph } = copy;
  if (JSON.stringify(plan.input) !== JSON.stringify(original.plan.input)) return undefined;
  const run = new Set(original.plan.levels.flatMap(({ layers }) => layers));
  const known = new Map(original.graph.layers.flatMap((layer) => (run.has(layer.name) ? [[layer.name, layer] as const] : [])));
  const runsAlike = (layer: Layer): boolean => {
    const before = known.get(layer.name);
    if (before === undefined || changed.has(layer.name) || changed.has(layer.callOf ?? layer.name)) return false;
    return runOf(layer, plan) === runOf(before, original.plan);
  };
  const shared = new Set(inputTensors(plan.input));
  const own = new Set<string>();
  const alike = new Set<string>();
  const planned = new Set(plan.levels.flatMap(({ layers }) => layers));
  for (const layer of graph.layers) {
    if (!planned.has(layer.name)) continue;
    if (runsAlike(layer)) alike.add(layer.name);
    const isShared =
      alike.has(layer.name) &&
      layer.inputs.every((tensor) => shared.has(tensor)) &&
      resultOf(layer, plan) === resultOf(layer, original.plan);
    if (isShared) for (const tensor of layer.outputs) shared.add(tensor);
    else own.add(layer.name);
  }
  const part = partOfPlan(plan, graph, own, new Set(resultsOf(plan).filter((tensor) => !shared.has(tensor))));
  const output: MeasurePlan['output'] =
    part.output.ok && shared.has(part.output.tensor) ? { ok: false, reason: t('The output is that of the original.') } : part.output;
  return {
    plan: { ...part, output },
    fromOriginal: new Set(part.levels.flatMap(({ feeds }) => feeds).filter((tensor) => shared.has(tensor))),
    borrowedLevels: borrowedLevels(original.plan, part, alike),
  };
}

/**
 * Whether one walk can serve the original and the copies: their periods make a chain, and what a copy is fed has been computed
 * by then.
 */
export function canWalkTogether({ plan, graph }: PlannedModel, parts: readonly OwnPart[]): boolean {
  const stages = joinLevels([plan, ...parts.map((part) => part.plan)]);
  if (stages === undefined) return false;
  const layers = new Map(graph.layers.map((layer) => [layer.name, layer]));
  const computed = new Set(inputTensors(plan.input));
  return stages.every(({ levels }) => {
    for (const name of plan.levels[levels.get(0) ?? -1]?.layers ?? [])
      for (const tensor of layers.get(name)?.outputs ?? []) computed.add(tensor);
    return parts.every((part, place) => {
      const feeds = part.plan.levels[levels.get(place + 1) ?? -1]?.feeds ?? [];
      return feeds.every((tensor) => computed.has(tensor) || !part.fromOriginal.has(tensor));
    });
  });
}

/** The original's plan with all that the copies read of it among its fetches. */
export function trunkPlan({ plan, graph }: PlannedModel, parts: readonly OwnPart[]): MeasurePlan {
  if (parts.length === 0) return plan;
  const layers = new Set(plan.levels.flatMap((level) => level.layers));
  return partOfPlan(plan, graph, layers, new Set([...resultsOf(plan), ...parts.flatMap(({ fromOriginal }) => [...fromOriginal])]));
}

/** As much of a trunk as copies read, for a walk that is not to measure the original again. */
export function prefixOf(trunk: MeasurePlan, parts: readonly OwnPart[]): MeasurePlan {
  const read = new Set(parts.flatMap(({ fromOriginal }) => [...fromOriginal]));
  const last = trunk.levels.findLastIndex(({ fetches }) => fetches.some((tensor) => read.has(tensor)));
  return {
    ...trunk,
    layers: [],
    levels: trunk.levels.slice(0, last + 1),
    output: { ok: false, reason: t('The original is not measured.') },
  };
}

/** The whole measurement of a copy, from the original's and that of the copy's own part. */
export function completeMeasurement({ plan }: PlannedModel, part: OwnPart, own: Measurement, original: Measurement): Measurement {
  const ownTensors = new Set(part.plan.layers.map(({ tensor }) => tensor));
  const known = {
    own: {
      maps: new Map(own.heatmaps.map((map) => [map.layer.tensor, map])),
      left: new Map(own.meaningless.map((map) => [map.layer.layer, map])),
    },
    shared: {
      maps: new Map(original.heatmaps.map((map) => [map.layer.tensor, map])),
      left: new Map(original.meaningless.map((map) => [map.layer.layer, map])),
    },
  };
  const sourceOf = (tensor: string) => (ownTensors.has(tensor) ? known.own : known.shared);
  const meaningless = plan.layers.flatMap(({ tensor, layer }) => sourceOf(tensor).left.get(layer) ?? []);
  const left = leftOut(meaningless);
  return {
    ...own,
    heatmaps: plan.layers.flatMap(({ tensor }) => sourceOf(tensor).maps.get(tensor) ?? []),
    output: sharesOutput(plan, part) ? original.output : own.output,
    omitted: [...plan.omitted, ...left.omitted],
    notes: [...plan.notes, ...left.notes],
    meaningless,
  };
}

/** Whether the copy's output is the original's. */
export function sharesOutput(plan: MeasurePlan, part: OwnPart): boolean {
  return plan.output.ok && !part.plan.output.ok;
}

/** Everything that decides how a layer runs under the circular protocol. */
function runOf({ name, op, operation, inputs, outputs }: Layer, plan: MeasurePlan): string {
  const strides = [...inputs, ...outputs].map((tensor) => plan.strides.get(tensor) ?? null);
  return JSON.stringify([
    op,
    operation,
    inputs,
    outputs,
    plan.circularPadding.get(name),
    plan.circularResampling.get(name),
    plan.foldedPads.has(name),
    strides,
  ]);
}

/** What a layer contributes to the result. */
function resultOf({ outputs }: Layer, { layers, output }: MeasurePlan): string {
  return JSON.stringify([
    layers.filter(({ tensor }) => outputs.includes(tensor)),
    output.ok && outputs.includes(output.tensor) ? output : null,
  ]);
}

function resultsOf({ layers, output }: MeasurePlan): readonly string[] {
  return [...layers.map(({ tensor }) => tensor), ...(output.ok ? [output.tensor] : [])];
}

function borrowedLevels(original: MeasurePlan, part: MeasurePlan, alike: ReadonlySet<string>): OwnPart['borrowedLevels'] {
  return new Map(
    part.levels.flatMap(({ layers, fetches }, index) => {
      if (layers.length === 0 || !layers.every((layer) => alike.has(layer))) return [];
      const lender = original.levels.findIndex(
        (level) => level.layers.join('\n') === layers.join('\n') && fetches.every((tensor) => level.fetches.includes(tensor)),
      );
      return lender < 0 ? [] : [[index, lender] as const];
    }),
  );
}
