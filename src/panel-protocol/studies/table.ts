import type { AdviceMessage } from './advice';
import type { CompareMessage } from './compare';
import type { ConsistencyMessage } from './consistency';
import type { EquivarianceMessage } from './equivariance';

/** The studies that the page starts, each with the messages that show what it came to. */
export interface StudyMessages {
  equivariance: EquivarianceMessage;
  consistency: ConsistencyMessage;
  compare: CompareMessage;
  advice: AdviceMessage;
}

/** What a user can ask of a model. */
export type StudyName = keyof StudyMessages;
