import { createHash } from 'node:crypto';
import { wantedSize } from '../inputs/wanted-size';
import type { RunMaterial } from '../runs/material';
import type { Study } from '../studies/study';

/** Raised where outcomes of one key come to differ from those of earlier versions of Shiftlint, in content or in form. */
const outcomeVersion = 6;

/** What names an outcome, and those of other models that it can be set beside. */
export interface OutcomeKeys {
  readonly key: string;
  /** Equal ones are of one input and the same options, whatever the model. */
  readonly alike: string;
}

/** Both of them. */
export function outcomeKeys(study: Study, material: Pick<RunMaterial, 'digests' | 'settings' | 'choices'>): OutcomeKeys {
  const { digests } = material;
  return { key: outcomeKey(study, material), alike: outcomeKey(study, { ...material, digests: { ...digests, model: '' } }) };
}

/** Names an outcome by everything that it depends on, in hexadecimal. Outcomes of one key are equal. */
export function outcomeKey(study: Study, material: Pick<RunMaterial, 'digests' | 'settings' | 'choices'>): string {
  const { choices, settings, digests } = material;
  const size = wantedSize(choices, settings) ?? null;
  const dependencies = [outcomeVersion, study.name, digests.model, choices.preprocessing, size, study.dependencies(material)];
  return createHash('sha256').update(JSON.stringify(dependencies)).digest('hex');
}
