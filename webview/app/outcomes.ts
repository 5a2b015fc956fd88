import type { StudyName } from '../../src/panel-protocol/studies/table';
import type { ToPage } from '../../src/panel-protocol/to-page';
import { adviceKeeper, comparisonKeeper } from '../tabs/compare/outcome';
import { consistencyKeeper } from '../tabs/consistency/outcome';
import { equivarianceKeeper } from '../tabs/equivariance/outcome';
import type { OutcomeKeeper } from './outcome';

/** One keeper a study. */
const table = {
  equivariance: equivarianceKeeper,
  consistency: consistencyKeeper,
  compare: comparisonKeeper,
  advice: adviceKeeper,
} satisfies Readonly<Record<StudyName, unknown>>;

/** What every study has come to, as far as the page has been told. */
export type Outcomes = { readonly [Name in StudyName]: (typeof table)[Name]['nothing'] };

const keepers: { readonly [Name in StudyName]: OutcomeKeeper<Outcomes[Name]> } = table;

/** Every study. */
export const studyNames = Object.keys(keepers) as readonly StudyName[];

/** The page before any run. */
export const nothingShown = Object.fromEntries(studyNames.map((name) => [name, keepers[name].nothing])) as Outcomes;

/** All outcomes after a message of the extension. */
export function outcomesAfter(outcomes: Outcomes, message: ToPage): Outcomes {
  return studyNames.reduce((taken, name) => ({ ...taken, [name]: outcomeAfter(name, taken[name], message) }), outcomes);
}

/** Takes what a study came to off the page. */
export function cleared(outcomes: Outcomes, study: StudyName): Outcomes {
  return { ...outcomes, [study]: keepers[study].nothing };
}

function outcomeAfter<Name extends StudyName>(name: Name, before: Outcomes[Name], message: ToPage): Outcomes[Name] {
  return keepers[name].after(before, message);
}
