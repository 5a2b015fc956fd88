import { describe, expect, it } from 'vitest';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { defaultChoices } from '../../../src/extension/panel/inputs/choices';
import { outcomeKey } from '../../../src/extension/panel/outcomes/key';
import { studies, studyNames } from '../../../src/extension/panel/studies/table';
import type { StudyChoices } from '../../../src/panel-protocol/inputs';
import type { StudyName } from '../../../src/panel-protocol/studies/table';

type Material = Parameters<typeof outcomeKey>[1];

const material = {
  digests: { model: 'm', image: 'i', folder: 'f' },
  settings: { filter: blurFilter('tri-3'), plan: {}, ignoreLayers: [], severities: {} } as unknown as Material['settings'],
  choices: defaultChoices,
} satisfies Material;

function studiesThatDiffer(changed: Material): readonly StudyName[] {
  return studyNames.filter((name) => outcomeKey(studies[name], material) !== outcomeKey(studies[name], changed));
}

describe('the key of an outcome', () => {
  it('is another for every study', () => {
    expect(new Set(studyNames.map((name) => outcomeKey(studies[name], material))).size).toBe(studyNames.length);
  });

  it.each<[string, Partial<Material['digests']>, readonly StudyName[]]>([
    ['the model', { model: 'n' }, ['equivariance', 'consistency', 'compare', 'advice']],
    ['the image', { image: 'j' }, ['equivariance', 'compare', 'advice']],
    ['the folder', { folder: 'g' }, ['consistency', 'compare', 'advice']],
  ])('changes with %s where a study reads it', (_, digests, expected) => {
    expect(studiesThatDiffer({ ...material, digests: { ...material.digests, ...digests } })).toEqual(expected);
  });

  it.each<[Partial<StudyChoices>, readonly StudyName[]]>([
    [{ preprocessing: 'unit' }, ['equivariance', 'consistency', 'compare', 'advice']],
    [{ size: [32, 48] }, ['equivariance', 'consistency', 'compare', 'advice']],
    [{ metric: 'channel' }, ['equivariance', 'compare', 'advice']],
    [{ protocol: 'deployed' }, ['equivariance', 'consistency']],
    [{ largest: 8 }, []],
    [{ pairs: 3 }, ['consistency', 'compare', 'advice']],
    [{ filters: ['bin-5'] }, ['compare']],
    [{ within: 3 }, ['advice']],
    [{ recover: true }, ['compare', 'advice']],
  ])('changes with %j where a study takes it', (choices, expected) => {
    expect(studiesThatDiffer({ ...material, choices: { ...defaultChoices, ...choices } })).toEqual(expected);
  });

  it('has the image size of the project where none was chosen', () => {
    const project = { ...material, settings: { ...material.settings, imageSize: [32, 48] } } satisfies Material;
    const chosen = { ...material, choices: { ...defaultChoices, size: [32, 48] } } satisfies Material;
    for (const name of studyNames) expect(outcomeKey(studies[name], project)).toBe(outcomeKey(studies[name], chosen));
    const other = { ...project, choices: { ...defaultChoices, size: [16, 16] } } satisfies Material;
    expect(outcomeKey(studies.compare, other)).not.toBe(outcomeKey(studies.compare, project));
  });

  it('changes with the shifts of the deployed protocol only under it', () => {
    const deployed = { ...material, choices: { ...defaultChoices, protocol: 'deployed' } } satisfies Material;
    const larger = { ...deployed, choices: { ...deployed.choices, largest: 8 } } satisfies Material;
    expect(outcomeKey(studies.equivariance, deployed)).not.toBe(outcomeKey(studies.equivariance, larger));
  });
});
