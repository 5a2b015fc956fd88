import { t } from '@vscode/l10n';
import type { PatchOutcome } from '../../core/formats/format';
import { imagesOfSize } from '../../core/graph/image-size';
import type { AxisPair } from '../../core/graph/model-graph';
import type { BlurPadding } from '../../core/rewrite/plan';
import { priceText } from '../../core/rewrite/price-text';
import type { PlannedChange } from '../../engine/protocol/reading';
import type { JudgedModel } from './analysis';

/** What a fix is called in the Edit menu. */
export function editLabel(outcomes: readonly PatchOutcome[]): string {
  const done = outcomes.filter(({ ok }) => ok);
  return done.length === 1 ? t`Insert BlurPool at ${done[0]?.label ?? ''}` : t`Insert BlurPool at ${done.length} layers`;
}

/** The same of a fix whose weights were recovered. */
export function recoveredEditLabel(outcomes: readonly PatchOutcome[]): string {
  const done = outcomes.filter(({ ok }) => ok);
  return done.length === 1
    ? t`Insert BlurPool at ${done[0]?.label ?? ''} and Recover`
    : t`Insert BlurPool at ${done.length} layers and Recover`;
}

/** How many layers a fix changed, in a few words. */
export function changedText(outcomes: readonly PatchOutcome[]): string {
  return t`Shiftlint changed ${outcomes.filter(({ ok }) => ok).length} of ${outcomes.length} layers`;
}

/** The same as a sentence that names the file. */
export function changedSentence(outcomes: readonly PatchOutcome[], file: string, size: AxisPair | null): string {
  const changed = outcomes.filter(({ ok }) => ok).length;
  return t`Shiftlint changed ${changed} of ${outcomes.length} layers in ${file}${sizeSuffix(size)}.`;
}

/** Which image size a fix is for; empty where it is for all that the model takes. */
export function sizeSuffix(size: AxisPair | null): string {
  return size === null ? '' : t` for ${imagesOfSize(size)}`;
}

/** Why each layer that was left is as it was. */
export function leftReasons(outcomes: readonly PatchOutcome[]): readonly string[] {
  return outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.reason]));
}

/** What a message has room for of that: the reason where there is one, else how many there are; empty where no layer was left. */
export function leftText(outcomes: readonly PatchOutcome[]): string {
  const [first = '', ...others] = leftReasons(outcomes);
  return others.length === 0 ? first : t`${others.length + 1} layers were left as they are.`;
}

const borders: Readonly<Record<BlurPadding, string>> = {
  reflect: t`reflected border`,
  replicate: t`repeated edge`,
  zero: t`zeros as border`,
};

/** What a fix has done, in full sentences: which blurs, at how many layers, at what price, and what was left and why. */
export function doneText(
  { plans, outcomes, price }: Pick<PlannedChange, 'plans' | 'outcomes' | 'price'>,
  { judgedSize }: Pick<JudgedModel, 'judgedSize'>,
): string {
  const done = new Set(outcomes.flatMap(({ ok, layer }) => (ok ? [layer] : [])));
  const blurs = plans.filter(({ layer }) => done.has(layer));
  const [only] = done.size === 1 ? outcomes.filter(({ ok }) => ok) : [];
  const where = only === undefined ? t`${done.size} of ${outcomes.length} layers` : t`"${only.label}"`;
  const what = t`${listed(blurs.map(({ filter }) => filter.label))} (${listed(blurs.map(({ blur }) => borders[blur.border]))})`;
  const cost = price === null ? '' : t`, ${priceText(price)}`;
  const reasons = leftReasons(outcomes);
  return [
    t`${what} inserted at ${where}${sizeSuffix(judgedSize)}${cost}.`,
    ...(reasons.length === 0 ? [] : [t`Left as they are: ${reasons.length}.`, ...reasons.slice(0, reasonsTold)]),
    t`Nothing is saved by itself.`,
  ].join(' ');
}

const reasonsTold = 3;

/** Different ones among texts, in their order. */
function listed(texts: readonly string[]): string {
  return [...new Set(texts)].join(t`, `);
}
