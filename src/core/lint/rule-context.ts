import type { Dataflow } from '../graph/dataflow';
import type { Layer, ModelGraph } from '../graph/model-graph';
import { isPatchEmbedding } from '../graph/patch-embedding';
import { spatialShape } from '../graph/sampling';
import { declaredStride, isLinear } from '../graph/subsampling';
import { covers, lowPass } from '../rewrite/low-pass';
import type { RuleContext } from '../rules/rule';
import { blurWeakness } from './blur-weakness';

/** Answers the rules' questions about one graph. */
export function ruleContext(graph: ModelGraph, flow: Dataflow): RuleContext {
  const step = (layer: Layer): readonly number[] => effectiveStride(graph, layer);
  return {
    graph,
    stride: step,
    aliases: (layer) => {
      const stride = step(layer);
      return stride.some((length) => length > 1) && !isItselfLowPass(layer, stride) && !followsLowPass(flow, layer, stride);
    },
    isPatchEmbedding: (layer) => isPatchEmbedding(flow, layer),
    weakness: (layer) => blurWeakness(flow, layer, step),
  };
}

/** The stride that really drops samples: 1 along an axis of size 1, and for a layer that leaves a single sample. */
function effectiveStride(graph: ModelGraph, layer: Layer): readonly number[] {
  const declared = declaredStride(graph, layer);
  if (declared === undefined) return [1, 1];
  const before = spatialShape(graph, layer.inputs[0] ?? '')?.size ?? [];
  const after = spatialShape(graph, layer.outputs[0] ?? '')?.size ?? [];
  if (layer.operation.kind !== 'space-to-depth' && after.length > 0 && after.every((length) => length === 1)) return declared.map(() => 1);
  return declared.map((step, axis) => (before[axis] === 1 ? 1 : step));
}

function isItselfLowPass({ operation }: Layer, stride: readonly number[]): boolean {
  const filter = lowPass(operation);
  return filter !== undefined && covers(filter, stride);
}

/** True for a linear layer behind a dense low-pass filter: a blur that subsamples itself leaves nothing for the next step. */
function followsLowPass(flow: Dataflow, layer: Layer, stride: readonly number[]): boolean {
  if (!isLinear(layer)) return false;
  const producer = flow.producer(flow.unpadded(layer.inputs[0] ?? ''));
  const filter = producer && lowPass(producer.operation);
  return filter !== undefined && filter.stride.every((step) => step === 1) && covers(filter, stride);
}
