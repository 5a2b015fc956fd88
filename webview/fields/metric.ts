import { t } from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import type { StudyChoices } from '../../src/panel-protocol/inputs';
import type { Choice } from './choice-select';
import { choose } from './choose';
import { choiceField } from './field';

const metrics: readonly Choice<StudyChoices['metric']>[] = [
  { value: 'flat', label: t`Whole feature map` },
  { value: 'channel', label: t`Along channels` },
];

/** How two maps are compared. */
export function metricField({ metric }: StudyChoices): TemplateResult {
  return choiceField(
    t`Compare`,
    metrics,
    metric,
    (value) => {
      choose({ metric: value });
    },
    t`The cosine of two maps as a whole, or its mean over all positions, taken along channels.`,
  );
}
