import { imageInput } from '../../../core/equivariance/plan/planned-input';
import { openSize, planMeasurement } from '../../../core/equivariance/plan/plan';
import type { AxisPair } from '../../../core/graph/model-graph';
import { readModel, type ReadModel } from '../../input/read-model';
import type { InputSpec, SentModel } from '../../protocol/payload';
import { tensorSize } from './planned-input';

/**
 * Opens a model for the size that it is measured at, where it leaves its own open: what its graph works out from the size is then known.
 *
 * @param size that is wanted; a tensor brings its own
 * @throws ModelError where the model takes no image
 */
export async function readForImage(sent: SentModel, size: AxisPair | undefined, input?: InputSpec): Promise<ReadModel> {
  const read = await readModel(sent);
  const { graph } = read;
  if (!imageInput(graph).declaredSize.includes(null)) return read;
  const given = input === undefined ? undefined : tensorSize(input, graph);
  const { input: planned } = planMeasurement(graph, given ?? openSize(graph, size));
  return readModel(read.payload, { imageSize: planned.size });
}
