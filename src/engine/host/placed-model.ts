import type { OpenedModel } from '../../core/formats/format';
import type { ModelPayload } from '../protocol/payload';

/** An opened model, and the whole of it for an engine to open in its own process. */
export interface PlacedModel extends OpenedModel {
  readonly payload: ModelPayload;
}
