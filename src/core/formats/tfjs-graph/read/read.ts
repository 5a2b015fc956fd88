import type { ModelGraph } from '../../../graph/model-graph';
import type { ModelSource } from '../../format';
import { checkShards, parseManifest, type WeightGroup } from '../../tfjs/manifest';
import { readModelText } from '../../tfjs/model-text';
import { weightSlices, type WeightSlices } from '../../tfjs/weight-slices';
import { parseGraphDef, type GraphDef } from './graph-def';
import { readGraph } from './read-graph';

/** What a file says, decoded, and the graph that this makes. */
export interface GraphModel {
  readonly text: string;
  readonly definition: GraphDef;
  readonly groups: readonly WeightGroup[];
  readonly weights: WeightSlices;
  /** Name of the weight that a tensor passes on. */
  readonly weightOf: (tensor: string) => string | undefined;
  readonly graph: ModelGraph;
}

/**
 * Reads a graph-model: nodes and shapes from the JSON, from the shards only arguments, samples of kernels and possible blurs.
 * @throws ModelError
 */
export async function readGraphModel(source: ModelSource): Promise<GraphModel> {
  const text = await readModelText(source);
  const definition = parseGraphDef(text, source.path);
  const groups = parseManifest(definition.weightsManifest, source.path);
  await checkShards(groups, source);
  const weights = weightSlices(groups, source);
  const { graph, weightOf } = await readGraph(definition, weights, source.path);
  return { text, definition, groups, weights, weightOf, graph: { ...graph, weightFiles: groups.flatMap(({ paths }) => paths) } };
}
