import { planarGraph } from '../../core/equivariance/plan/planar-graph';
import type { ModelSource, OpenedModel } from '../../core/formats/format';
import { readOnce } from '../../core/formats/read-once';
import { openModel } from '../../core/formats/registry';
import type { AxisPair, ModelGraph } from '../../core/graph/model-graph';
import type { ModelPayload, SentModel } from '../protocol/payload';
import { wholePayload } from './sent-model';
import { payloadSource } from './source';

/** A model that was sent to the process, opened, and what is measured of it. A runtime takes from it what opening has read. */
export interface ReadModel {
  readonly payload: ModelPayload;
  readonly opened: OpenedModel;
  /** Models of signals are described as models of images of height 1. */
  readonly graph: ModelGraph;
}

/** How a model is opened, where that is not as usual. */
export interface ReadingChoice {
  readonly source?: ModelSource;
  readonly imageSize?: AxisPair | undefined;
}

/**
 * Opens a model that was sent to the process. What opening reads of the files beside it is not read again by the runtime that takes
 * these whole.
 *
 * @param source of the payload's files
 * @param imageSize that the model is opened for, where it leaves its own open
 * @throws ModelError
 */
export async function readModel(sent: SentModel, { source, imageSize }: ReadingChoice = {}): Promise<ReadModel> {
  const payload = await wholePayload(sent);
  const whole = source ?? payloadSource(payload);
  const opened = await openModel(readOnce(imageSize === undefined ? whole : { ...whole, imageSize }).source);
  if (opened.judgedOnly !== undefined) throw opened.judgedOnly;
  return { payload, opened, graph: planarGraph(opened.graph) };
}
