import { planarGraph } from '../../core/equivariance/plan/planar-graph';
import type { OpenedModel } from '../../core/formats/format';
import { openModel } from '../../core/formats/registry';
import type { ModelGraph } from '../../core/graph/model-graph';
import type { ModelPayload } from '../protocol/payload';
import { payloadSource } from './source';

/** A model that was sent to the process, opened, and what is measured of it. */
export interface ReadModel {
  readonly payload: ModelPayload;
  readonly opened: OpenedModel;
  /** Models of signals are described as models of images of height 1. */
  readonly graph: ModelGraph;
}

/** @throws ModelError */
export async function readModel(payload: ModelPayload): Promise<ReadModel> {
  const opened = await openModel(payloadSource(payload));
  return { payload, opened, graph: planarGraph(opened.graph) };
}
