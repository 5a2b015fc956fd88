import type { ChosenPreprocessing } from '../../core/input/preprocessing';
import type { SentModel } from '../protocol/payload';

/** A model for an engine to open in its own process, and how pixels are given to it where nobody asks for something else. */
export interface PlacedModel {
  readonly sent: SentModel;
  readonly preprocessing: ChosenPreprocessing;
}
