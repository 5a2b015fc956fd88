import { t } from '@vscode/l10n';
import { codeLimits } from '../core/limits';
import type { CodeNotice } from './finding';
import { stoppedEarly } from './judge/stopped-early';

/** Why a text of so many characters is not judged; null where it is. */
export function whyTooLong(characters: number): string | null {
  return characters > codeLimits.characters
    ? t`the file has ${characters} characters, and at most ${codeLimits.characters} are judged`
    : null;
}

/** What is said of a text that is too long, for whoever need not fetch it to know; null where it is not. */
export function tooLongNotice(characters: number): CodeNotice | null {
  const reason = whyTooLong(characters);
  return reason === null ? null : stoppedEarly({ offset: 0, reason }, '');
}
