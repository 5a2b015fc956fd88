import { t } from '@vscode/l10n';
import type { OpenedModel } from '../formats/format';
import { admitPlans } from '../rewrite/admit-plans';
import type { FormatCapabilities, RewritableModel } from '../rewrite/capabilities';
import { blurPaddings, sitesOf, type BlurPadding, type BlurPlan, type PlanPrice } from '../rewrite/plan';
import type { Finding } from '../rules/finding';
import { selectPlans } from './select-plans';
import { totalPrice } from './total-price';

/** What "fix all" would do to a model, as it is told before anything is changed. */
export interface FixPreview {
  /** Findings that it would take away. All calls of a shared layer, each a finding of its own, are fixed together. */
  readonly fixed: number;
  /** Layers that are fixed, fewer where several calls are of one layer. */
  readonly layers: number;
  /** What all of it costs; null where the model leaves its image size open. */
  readonly price: PlanPrice | null;
  /** Numbers that the kernels of the blurs add to the model, the same for every image size. */
  readonly parameters: number;
  /** The same as a share of those that its layers have now; null where nothing is known of them. */
  readonly parameterShare: number | null;
  /** Findings that stay, with the reason: the first of them. */
  readonly left: readonly { readonly label: string; readonly reason: string }[];
  readonly leftCount: number;
  /** What is to be known of some of the fixes, and of how many each. */
  readonly notes: readonly { readonly note: string; readonly layers: number }[];
}

/** Nobody reads more reasons, and a model may have any number of layers. */
const mostTold = 50;

/** A model whose layers know which weights they have. */
type WeighedModel = RewritableModel & Pick<OpenedModel, 'weights'>;

/** Works it out as the fix itself would. @param findings of the model, with their fixes */
export function previewFixAll(model: WeighedModel, findings: readonly Finding[]): FixPreview {
  const { plans, refused } = selectPlans(findings, 'all');
  const admissions = admitPlans(model, plans);
  const admitted = admissions.flatMap((admission) => (admission.ok ? [admission.plan] : []));
  const left = [...admissions.flatMap((admission) => (admission.ok ? [] : [admission])), ...refused];
  const layers = new Set(admitted.map(({ layer }) => layer));
  const done = findings.filter(({ fix }) => fix.ok && fix.inFixAll && layers.has(fix.plan.layer));
  const parameters = admitted.reduce((sum, plan) => sum + parametersOf(plan), 0);
  const own = admitted.length === 0 ? 0 : ownParameters(model);
  const outcomes = admitted.map(({ layer }) => ({ ok: true as const, layer, label: layer, description: '' }));
  return {
    fixed: done.length,
    layers: layers.size,
    price: totalPrice(findings, outcomes) ?? null,
    parameters,
    parameterShare: own === 0 ? null : parameters / own,
    left: left.slice(0, mostTold).map(({ label, reason }) => ({ label, reason })),
    leftCount: findings.length - done.length,
    notes: notesOf(admitted).slice(0, mostTold),
  };
}

/** A border that a blur can have, or why no blur of the format can. */
export interface BorderChoice {
  readonly border: BlurPadding;
  /** Null where it can be had. */
  readonly obstacle: string | null;
}

/** What may lie beside a blurred map in models of a format. Maps that a border does not fit take the next best, and their fixes say so. */
export function borderChoices({ borders, runtime }: Pick<FormatCapabilities, 'borders' | 'runtime'>): readonly BorderChoice[] {
  const what: Readonly<Record<BlurPadding, string>> = {
    reflect: t('reflects a border'),
    replicate: t('repeats an edge'),
    zero: t('pads with zeros'),
  };
  return blurPaddings.map((border) => ({
    border,
    obstacle: borders.includes(border) ? null : t`${runtime} has no layer for this format that ${what[border]}.`,
  }));
}

/** Numbers that the layers of a model are given, each weight once however many read it. */
function ownParameters(model: WeighedModel): number {
  const sizes = new Map<string, number>();
  for (const layer of model.graph.layers) {
    for (const { name, shape } of model.weights(layer))
      sizes.set(
        name,
        shape.reduce((product, length) => product * length, 1),
      );
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function parametersOf(plan: BlurPlan): number {
  return sitesOf(plan).reduce((sum, { blur: { kernel, channels } }) => sum + kernel.values.length * channels, 0);
}

function notesOf(plans: readonly BlurPlan[]): FixPreview['notes'] {
  const counts = new Map<string, number>();
  for (const { notes } of plans) for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1);
  return [...counts].map(([note, layers]) => ({ note, layers }));
}
