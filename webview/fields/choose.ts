import type { StudyChoices } from '../../src/panel-protocol/inputs';
import { post } from '../app/host';

/** Tells the extension of a choice; it answers with what holds then. */
export function choose(choices: Partial<StudyChoices>): void {
  post({ kind: 'choose', choices });
}
