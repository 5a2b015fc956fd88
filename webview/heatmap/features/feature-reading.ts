import { t } from '@vscode/l10n';
import { jointScale, type GreyScale } from '../../../src/panel-protocol/core/grey-scale';
import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import type { ComparedChannel } from './compared-channel';

/** A place in the pictures of a channel. */
export interface FeaturePlace {
  readonly channel: number;
  /** Pixels down and to the right. */
  readonly y: number;
  readonly x: number;
}

/** Channels on show. */
export interface ShownChannels {
  readonly first: number;
  readonly end: number;
}

const steps: Readonly<Record<string, FeaturePlace>> = {
  ArrowUp: { channel: 0, y: -1, x: 0 },
  ArrowDown: { channel: 0, y: 1, x: 0 },
  ArrowLeft: { channel: 0, y: 0, x: -1 },
  ArrowRight: { channel: 0, y: 0, x: 1 },
  PageUp: { channel: -1, y: 0, x: 0 },
  PageDown: { channel: 1, y: 0, x: 0 },
};

/**
 * Where a key moves the place that is read: arrows by a sample of the map (the tenth with `fast`), Page Up and Page Down to the channel
 * before and after, Home to the first sample. It stays inside. Undefined for other keys.
 *
 * @param sample pixels from one sample of the map to the next
 */
export function featurePlaceAfterKey(
  key: string,
  fast: boolean,
  from: FeaturePlace,
  { first, end }: ShownChannels,
  size: AxisPair,
  sample: AxisPair,
): FeaturePlace | undefined {
  if (key === 'Home') return { ...from, y: 0, x: 0 };
  const step = steps[key];
  if (step === undefined) return undefined;
  const by = fast ? 10 : 1;
  const inside = (place: number, from: number, end: number): number => Math.min(end - 1, Math.max(from, Math.round(place)));
  return {
    channel: inside(from.channel + step.channel, first, end),
    y: inside(from.y + step.y * by * sample[0], 0, size[0]),
    x: inside(from.x + step.x * by * sample[1], 0, size[1]),
  };
}

/** What the three pictures of a channel hold at a place. */
export function featureText({ channel, y, x }: FeaturePlace, { size, moved, shifted, difference }: ComparedChannel): string {
  const pixel = y * size[1] + x;
  const text = (values: Float32Array): string => featureValueText(values[pixel] ?? Number.NaN);
  return t`Channel ${channel}, y ${y}, x ${x}: F(X) shifted ${text(moved)}, F(X shifted) ${text(shifted)}, difference ${text(difference)}`;
}

/** Scales of the pictures of a channel: that of both maps, and from none to the whole of it for their difference. */
export function featureScales({ moved, shifted }: ComparedChannel): { readonly maps: GreyScale; readonly difference: GreyScale } {
  const maps = jointScale(moved, shifted);
  return { maps, difference: { low: 0, high: maps.high - maps.low } };
}

/** A value of a feature map, which may be of any size: four digits tell it. */
export function featureValueText(value: number): string {
  return Number.isNaN(value) ? t`undefined` : `${Number(value.toPrecision(4))}`;
}
