import { blurFilter } from '../../../core/rewrite/filters';
import type { StudyChoices } from '../../../panel-protocol/inputs';
import type { Settings } from '../../settings/settings';

/** The settings for one model: with the blur that was chosen for it, else what the settings and its project say. */
export function withChosenBlur(settings: Settings, { fixFilter, fixBorder }: Pick<StudyChoices, 'fixFilter' | 'fixBorder'>): Settings {
  return {
    ...settings,
    ...(fixFilter !== null && { filter: blurFilter(fixFilter) }),
    ...(fixBorder !== null && { plan: { ...settings.plan, padding: fixBorder } }),
  };
}
