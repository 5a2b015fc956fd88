import type { ModelGraph } from '../../../graph/model-graph';
import type { ModelError } from '../../../model-error';
import type { ModelSource } from '../../format';
import { parseManifest, type WeightGroup } from '../../tfjs/manifest';
import { readModelText, type ModelText } from '../../tfjs/model-text';
import { missingShards, noManifest } from '../../tfjs/shards';
import { weightSlices, type WeightSlices } from '../../tfjs/weight-slices';
import { parseGraphDef, type GraphDef } from './graph-def';
import { readGraph } from './read-graph';

/** What a file says, decoded, and the graph that this makes. */
export interface GraphModel extends ModelText {
  readonly definition: GraphDef;
  readonly groups: readonly WeightGroup[];
  readonly weights: WeightSlices;
  /** Name of the weight that a tensor passes on. */
  readonly weightOf: (tensor: string) => string | undefined;
  readonly graph: ModelGraph;
  /** Why it can be judged and no more; undefined where that is not so. */
  readonly judgedOnly: ModelError | undefined;
}

/**
 * Reads a graph-model: nodes and shapes from the JSON, from the shards only arguments, samples of kernels and possible blurs.
 * @throws ModelError
 */
export async function readGraphModel(source: ModelSource): Promise<GraphModel> {
  const decoded = await readModelText(source);
  const definition = parseGraphDef(decoded.text, source.path);
  const groups = parseManifest(definition.weightsManifest, source.path);
  const missing = await missingShards(groups, source);
  const weights = weightSlices(groups, source, missing.groups);
  const { graph, weightOf } = await readGraph(definition, weights, source.path, source.imageSize);
  const lacksManifest = groups.length === 0 && definition.nodes.some(({ op }) => op === 'Const');
  return {
    ...decoded,
    definition,
    groups,
    weights,
    weightOf,
    graph: { ...graph, weightFiles: groups.flatMap(({ paths }) => paths) },
    judgedOnly: missing.error ?? (lacksManifest ? noManifest(source.path) : undefined),
  };
}
