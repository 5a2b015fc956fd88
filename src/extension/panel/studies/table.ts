import type { StudyName } from '../../../panel-protocol/studies/table';
import { advice } from './advice';
import { compare } from './compare';
import { consistency } from './consistency';
import { equivariance } from './equivariance';
import type { Study } from './study';

/** Every study by its name. */
export const studies: { readonly [Name in StudyName]: Study<Name> } = { equivariance, consistency, compare, advice };

/** Their names. */
export const studyNames: readonly StudyName[] = Object.values(studies).map(({ name }) => name);
