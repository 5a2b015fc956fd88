import { networkNames, type NetworkName } from '../network/networks';
import { blurNames } from '../settings';
import type { Group } from './groups';
import type { Estimate } from './interval';
import { blurLabel, networkLabels } from './names';

/** What the figures say, as lines of a list; each sentence holds for these figures, whichever they are. */
export function findings(groups: readonly Group[]): readonly string[] {
  const both = networkNames.flatMap((network) => [false, true].map((augmented) => ofNetwork(groups, network, augmented)));
  return [
    ...both.filter((part) => part.length > 1).map(gains),
    ...networkNames.flatMap((network) => insteadOfAugmentation(groups, network)),
    ...ranking(both),
  ];
}

function ofNetwork(groups: readonly Group[], network: NetworkName, augmented: boolean): readonly Group[] {
  return groups.filter((group) => group.network === network && group.augmented === augmented);
}

/** `VGG, without augmentation`. */
function partName({ network, augmented }: Pick<Group, 'network' | 'augmented'>): string {
  return `${networkLabels[network]}, ${augmented ? 'with shift augmentation' : 'without augmentation'}`;
}

/** What each blur changes in one network, and which changes outlast the seeds. */
function gains(part: readonly Group[]): string {
  const [first] = part;
  if (first === undefined) return '';
  const changes = (figure: 'consistencyGain' | 'accuracyGain'): string =>
    part.flatMap((group) => (group[figure] === undefined ? [] : [`${blurLabel(group.blur)} ${signed(group[figure])}`])).join(', ');
  return `- **${partName(first)}**: consistency ${changes('consistencyGain')}; accuracy ${changes('accuracyGain')}.`;
}

/** `+3.2` in points, with a note where the interval holds 0. */
function signed({ mean, interval }: Estimate): string {
  const points = `${mean < 0 ? '-' : '+'}${Math.abs(100 * mean).toFixed(1)}`;
  const unsure = interval !== undefined && interval.low <= 0 && interval.high >= 0;
  return unsure ? `${points} (not beyond the seeds)` : points;
}

/** Whether a blur alone gives as much consistency as augmentation alone. */
function insteadOfAugmentation(groups: readonly Group[], network: NetworkName): readonly string[] {
  const consistency = (augmented: boolean, blur: string): number | undefined =>
    groups.find((group) => group.network === network && group.augmented === augmented && group.blur === blur)?.consistency.mean;
  const [plain, augmentation] = [consistency(false, 'none'), consistency(true, 'none')];
  const best = ofNetwork(groups, network, false)
    .filter(({ blur }) => blur !== 'none')
    .sort((a, b) => b.consistency.mean - a.consistency.mean)[0];
  if (plain === undefined || augmentation === undefined || best === undefined) return [];
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const difference = Math.sign(best.consistency.mean - augmentation);
  const verdict = difference === 0 ? 'as much as' : difference > 0 ? 'more than' : 'less than';
  return [
    `- **${networkLabels[network]}, blur instead of augmentation**: from ${percent(plain)}, augmentation alone brings consistency to ${percent(augmentation)}; ${blurLabel(best.blur)} alone to ${percent(best.consistency.mean)}, ${verdict} that.`,
  ];
}

/** In which of the parts a longer filter is the more consistent one, as the paper has it. */
function ranking(parts: readonly (readonly Group[])[]): readonly string[] {
  const whole = parts.filter((part) => part.length === blurNames.length);
  if (whole.length === 0) return [];
  const ordered = whole.filter((part) =>
    part.every((group, index) => index === 0 || group.consistency.mean >= (part[index - 1]?.consistency.mean ?? 0)),
  );
  const order = blurNames.map(blurLabel).join(', ');
  const others = whole.filter((part) => !ordered.includes(part)).flatMap((part) => part.slice(0, 1).map(partName));
  const exceptions = others.length === 0 ? '' : ` It does not in: ${others.join('; ')}.`;
  return [
    `- **The paper's order**: by mean consistency, ${order} rise in this order in ${ordered.length} of ${whole.length} cases.${exceptions}`,
  ];
}
