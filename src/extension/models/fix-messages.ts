import type { PatchOutcome } from '../../core/formats/format';

/** What a fix is called in the Edit menu. */
export function editLabel(outcomes: readonly PatchOutcome[]): string {
  const done = outcomes.filter(({ ok }) => ok);
  return done.length === 1 ? `Insert BlurPool at ${done[0]?.layer ?? ''}` : `Insert BlurPool at ${done.length} layers`;
}

/** Why layers were left as they are; empty where none was. */
export function leftText(outcomes: readonly PatchOutcome[]): string {
  const reasons = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.reason]));
  return reasons.length === 0 ? '' : `Left as they are: ${reasons.join(' ')}`;
}
