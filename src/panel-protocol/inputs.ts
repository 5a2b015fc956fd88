import type { Metric } from '../core/equivariance/measure/measurement';
import type { BlurFilterName, BlurPadding } from './core/filters';
import type { BlurChoice } from './fixes';
import type { AxisPair } from './core/geometry';

/** The user's choices for one model, remembered with it. */
export interface StudyChoices {
  readonly metric: Metric;
  /** A preset or numbers, as `preprocessingText` writes them; null leaves it to the guess. */
  readonly preprocessing: string | null;
  /** Image size where the model leaves it open: findings and fixes are for it, and it is measured at it; null where none is chosen. */
  readonly size: AxisPair | null;
  /** The blur of fixes; null for what the settings and the project say. */
  readonly fixFilter: BlurFilterName | null;
  readonly fixBorder: BlurPadding | null;
  readonly protocol: 'circular' | 'deployed';
  /** Shifts of the deployed protocol, in pixels; null for what fits the image. */
  readonly pattern: 'grid' | 'diagonal';
  readonly largest: number | null;
  readonly step: number | null;
  /** Pairs of shifts per image, and the seed they are drawn with. */
  readonly pairs: number;
  readonly seed: number;
  /** What is compared with the model as it is. */
  readonly filters: readonly BlurFilterName[];
  /** Whether fixed copies are compared and ranked as they are recovered from the folder of images, too. */
  readonly recover: boolean;
  /** Multiply-adds that the best set of fixes may add, in per cent. */
  readonly within: number;
}

/** What the studies run with, and fixes are made with. */
export interface InputsView {
  /** Null for the built-in test pattern. */
  readonly imageName: string | null;
  /** Folder of images for consistency; null until one is chosen. */
  readonly folderName: string | null;
  readonly choices: StudyChoices;
  /** The blur that fixes insert, by the choices or the settings. */
  readonly blur: BlurChoice;
  /** Image size that the project says, where the user has chosen none; null where it says nothing. */
  readonly projectSize: AxisPair | null;
  /** What the model file tells of its input; null where it cannot be measured. */
  readonly facts: {
    readonly layout: string;
    readonly channels: number;
    /** Null where the model leaves it open. */
    readonly declaredSize: readonly [number | null, number | null];
    /** What holds where the user has chosen no preprocessing. */
    readonly guess: { readonly name: string; readonly reason: string };
  } | null;
}

/** True for a model that leaves its image size open. */
export function hasOpenSize({ facts }: Pick<InputsView, 'facts'>): boolean {
  return facts?.declaredSize.includes(null) === true;
}
