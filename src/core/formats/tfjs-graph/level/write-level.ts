import { t } from '@vscode/l10n';
import type { MeasureLevel } from '../../../equivariance/contracts';
import type { NewWeight } from '../../tfjs/blur-shard';
import { NodeBuilder, type InsertedNode } from '../patch/node-builder';
import { tensorName, type GraphNode } from '../read/node';
import { addCircularNode } from './circular-node';
import { float, inputType, nodeOf, unsupportedNode, type LevelSource } from './level-source';

/** A graph-model for one level of a measurement plan. */
export interface LevelGraph {
  /** Nodes as GraphDef's JSON spells them: the model's own, and ours that wrap and crop. */
  readonly nodes: readonly InsertedNode[];
  /** Names of the model's weights that the nodes read. */
  readonly weights: readonly string[];
  /** Values of our own constants. */
  readonly constants: readonly NewWeight[];
  /** The placeholder that each feed goes to. */
  readonly placeholders: ReadonlyMap<string, string>;
}

/**
 * Cuts a level of a measurement plan out of a graph-model: nodes as they stand in the file, except that window nodes of the plan read
 * a wrapped map and pad nothing themselves. The level takes its feeds as placeholders with an open batch.
 *
 * @param index of the level in the plan
 * @throws ModelError `unsupported` where the level depends on something it is not fed
 */
export function writeLevel(source: LevelSource, index: number): LevelGraph {
  const level = source.plan.levels[index];
  if (level === undefined) throw new Error(`The plan has no level ${index}.`);
  const builder = new NodeBuilder(source.prefix);
  const placeholders = addPlaceholders(builder, source, level);
  const selected = selectNodes(source, level);
  const readDirectly = new Map([...placeholders].filter(([tensor]) => inputType(source, tensor) === float));
  for (const node of selected) {
    const inputs = node.inputs.map((input) => tensorName(input.node, input.output));
    addCircularNode(
      builder,
      source,
      node,
      inputs.map((tensor) => readDirectly.get(tensor) ?? tensor),
    );
  }
  const { nodes, weights: constants } = builder.built;
  return { nodes, constants, weights: selected.flatMap(({ name, op }) => (op === 'Const' ? [name] : [])), placeholders };
}

/** Placeholders take float32, all of them: what the model takes as another type is cast. */
function addPlaceholders(builder: NodeBuilder, source: LevelSource, { feeds }: MeasureLevel): ReadonlyMap<string, string> {
  const placeholders = new Map<string, string>();
  for (const tensor of feeds) {
    const type = inputType(source, tensor);
    const name = type === float ? tensor.replaceAll(':', '/') : `${source.prefix}/${tensor}`;
    placeholders.set(tensor, name);
    builder.push({ name, op: 'Placeholder', attr: { dtype: { type: float } } });
    if (type !== float) builder.push({ name: tensor, op: 'Cast', input: [name], attr: { SrcT: { type: float }, DstT: { type } } });
  }
  return placeholders;
}

/** The level's nodes, and those that compute constants for them. */
function selectNodes(source: LevelSource, level: MeasureLevel): readonly GraphNode[] {
  const feeds = new Set(level.feeds);
  const own = new Set(level.layers);
  const selected = new Map<string, GraphNode>();
  const pending = level.layers.map((layer) => nodeOf(source, layer));
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (selected.has(node.name)) continue;
    selected.set(node.name, node);
    for (const input of node.inputs) {
      const tensor = tensorName(input.node, input.output);
      if (feeds.has(tensor)) continue;
      const isComputed = source.graph.tensors.has(tensor) && !own.has(input.node);
      if (isComputed) throw unsupportedNode(source, node, t`depends on "${tensor}" far from where it is computed`);
      pending.push(nodeOf(source, input.node));
    }
  }
  return [...selected.values()];
}
