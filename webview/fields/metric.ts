import type { TemplateResult } from 'lit';
import type { StudyChoices } from '../../src/panel-protocol/inputs';
import type { Choice } from './choice-select';
import { choose } from './choose';
import { choiceField } from './field';

const metrics: readonly Choice<StudyChoices['metric']>[] = [
  { value: 'flat', label: 'Whole feature map' },
  { value: 'channel', label: 'Along channels' },
];

/** How two maps are compared. */
export function metricField({ metric }: StudyChoices): TemplateResult {
  return choiceField(
    'Compare',
    metrics,
    metric,
    (value) => {
      choose({ metric: value });
    },
    'The cosine of two maps as a whole, or its mean over all positions, taken along channels.',
  );
}
