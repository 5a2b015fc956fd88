import { t } from '@vscode/l10n';
import type { TensorBatch } from '../walk/circular-model';
import type { OpenedPlan } from '../walk/opened-plan';
import { feedsOf } from '../plan/planned-input';
import { labelOf, namesOf, type NamedLayer } from '../../graph/layer-labels';
import type { OmittedLayer } from '../plan/measure-plan';
import { ModelError } from '../../model-error';

/** Why a map says nothing: it is zero at every shift, or it holds what is no number. */
export type Meaningless = 'no-signal' | 'not-finite';

/** A layer that was run, but whose map says nothing. */
export interface MeaninglessMap {
  readonly layer: NamedLayer;
  readonly why: Meaningless;
}

/** What is left out of a result, each layer with the reason, and what is to be said of the whole. */
export interface LeftOut {
  readonly omitted: readonly OmittedLayer[];
  readonly notes: readonly string[];
}

/** @param isZero whether the map of the unshifted image is; cosines of zero vectors are 1 where both are zero */
export function meaningOf(values: Float32Array, isZero: boolean): Meaningless | undefined {
  if (!values.every(Number.isFinite)) return 'not-finite';
  return isZero && values.every((value) => value === 1) ? 'no-signal' : undefined;
}

/** What a result says of maps that say nothing. @param maps in depth order */
export function leftOut(maps: readonly MeaninglessMap[]): LeftOut {
  const first = maps.find(({ why }) => why === 'not-finite');
  return {
    omitted: maps.map(({ layer, why }) => ({ ...namesOf(layer), reason: reasonOf(layer.label, why) })),
    notes: first === undefined ? [] : [notFiniteFrom(first.layer.label)],
  };
}

function reasonOf(label: string, why: Meaningless): string {
  return why === 'no-signal'
    ? t`Layer "${label}" gives no signal: its map is zero at every shift, so there is nothing to compare.`
    : t`The values of layer "${label}" are not finite.`;
}

/** One sentence for a model whose numbers go astray. @param label of the first layer that gives such values */
export function notFiniteFrom(label: string): string {
  return t`The values are not finite (NaN or infinite) from layer "${label}" on, so nothing can be said of what is computed from it: check its weights and the input.`;
}

/** A model gives values that are not finite for an image; whoever can open the model again finds out which layer does so first. */
export class NotFiniteError extends ModelError {
  /** @param images what the model was fed @param protocol how it was run */
  constructor(
    readonly images: TensorBatch,
    readonly protocol: 'circular' | 'deployed',
  ) {
    super('not-finite', t('The values that the model gives are not finite (NaN or infinite): check its weights and the input.'));
  }
}

/** @throws NotFiniteError where one of the values that a model gives is no number */
export function requireFinite(values: Float32Array | undefined, images: TensorBatch, protocol: NotFiniteError['protocol']): void {
  if (values?.every(Number.isFinite) === false) throw new NotFiniteError(images, protocol);
}

/**
 * Runs a model once, level by level, and names the first layer with values that are not finite by its label.
 * @returns undefined where all that the plan fetches is finite
 */
export async function firstNotFinite({ plan, graph, model }: OpenedPlan, images: TensorBatch): Promise<string | undefined> {
  const known = new Map<string, TensorBatch>(feedsOf(plan.input, images, graph.layout));
  for (const [index, { feeds }] of plan.levels.entries()) {
    const fed = new Map([...known].filter(([tensor]) => feeds.includes(tensor)));
    const fetched = await model.runLevel(index, fed);
    for (const layer of graph.layers) {
      if (layer.outputs.some((tensor) => fetched.get(tensor)?.data.every(Number.isFinite) === false)) return labelOf(layer);
    }
    for (const [tensor, batch] of fetched) known.set(tensor, batch);
  }
  return undefined;
}
