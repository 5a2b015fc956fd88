import type { Dataflow } from '../graph/dataflow';
import type { AxisPair, Layer, ModelGraph, Operation } from '../graph/model-graph';
import { imageAxes, spatialShape } from '../graph/sampling';
import { isLowPass } from '../rewrite/low-pass';
import type { RuleContext } from '../rules/rule';

/** Answers the rules' questions about one graph. */
export function ruleContext(graph: ModelGraph, flow: Dataflow): RuleContext {
  return {
    graph,
    stride: (layer) => effectiveStride(graph, layer),
    isAntiAliased: (layer) => isLowPass(layer.operation) || (isLinear(layer.operation) && followsLowPass(flow, layer)),
  };
}

/** The stride that really drops samples: 1 along an axis of size 1, and for a layer that leaves a single sample. */
function effectiveStride(graph: ModelGraph, layer: Layer): AxisPair {
  const declared = declaredStride(layer.operation);
  if (declared === undefined) return [1, 1];
  const before = spatialShape(graph, layer.inputs[0] ?? '')?.size ?? [];
  const after = spatialShape(graph, layer.outputs[0] ?? '')?.size ?? [];
  if (after.length > 0 && after.every((length) => length === 1)) return [1, 1];
  return imageAxes(declared.map((step, axis) => (before[axis] === 1 ? 1 : step)));
}

function declaredStride(operation: Operation): readonly number[] | undefined {
  switch (operation.kind) {
    case 'convolution':
    case 'max-pool':
    case 'average-pool':
      return operation.window.stride;
    default:
      return undefined;
  }
}

/** Linear layers commute with a blur, so a low-pass filter before them protects as well as one behind. */
function isLinear(operation: Operation): boolean {
  return operation.kind === 'average-pool' || (operation.kind === 'convolution' && operation.window.kernel.every((length) => length === 1));
}

function followsLowPass(flow: Dataflow, layer: Layer): boolean {
  const producer = flow.producer(layer.inputs[0] ?? '');
  if (producer === undefined || !isLowPass(producer.operation)) return false;
  // A blur that subsamples itself leaves nothing for the next subsampling.
  return declaredStride(producer.operation)?.every((step) => step === 1) === true;
}
