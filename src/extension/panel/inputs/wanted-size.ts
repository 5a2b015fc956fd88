import type { AxisPair } from '../../../core/graph/model-graph';
import type { StudyChoices } from '../../../panel-protocol/inputs';
import type { Settings } from '../../settings/settings';

/** The image size for a model that leaves its own open: what was chosen for it, else what its project says; undefined for all sizes. */
export function wantedSize({ size }: Pick<StudyChoices, 'size'>, { imageSize }: Pick<Settings, 'imageSize'>): AxisPair | undefined {
  return size ?? imageSize;
}
