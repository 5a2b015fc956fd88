import type { PatchOutcome } from '../../core/formats/format';
import { imagesOfSize } from '../../core/graph/image-size';
import type { AxisPair } from '../../core/graph/model-graph';

/** What a fix is called in the Edit menu. */
export function editLabel(outcomes: readonly PatchOutcome[]): string {
  const done = outcomes.filter(({ ok }) => ok);
  return done.length === 1 ? `Insert BlurPool at ${done[0]?.label ?? ''}` : `Insert BlurPool at ${done.length} layers`;
}

/** How many layers a fix changed, in a few words. */
export function changedText(outcomes: readonly PatchOutcome[]): string {
  return `Shiftlint changed ${outcomes.filter(({ ok }) => ok).length} of ${outcomes.length} layers`;
}

/** Which image size a fix is for; empty where it is for all that the model takes. */
export function sizeSuffix(size: AxisPair | null): string {
  return size === null ? '' : ` for ${imagesOfSize(size)}`;
}

/** Why each layer that was left is as it was. */
export function leftReasons(outcomes: readonly PatchOutcome[]): readonly string[] {
  return outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.reason]));
}

/** What a message has room for of that: the reason where there is one, else how many there are; empty where no layer was left. */
export function leftText(outcomes: readonly PatchOutcome[]): string {
  const [first = '', ...others] = leftReasons(outcomes);
  return others.length === 0 ? first : `${others.length + 1} layers were left as they are.`;
}
