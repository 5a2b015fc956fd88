import { t } from '@vscode/l10n';
import type { MeasureLevel } from '../../../equivariance/contracts';
import { capturedNames } from '../read/captured-names';
import type { OnnxNode } from '../wire/proto';
import { nodeIndexOf, unsupportedNode, type LevelSource } from './level-source';

/** The part of a model that a level needs. */
export interface SelectedNodes {
  /** Indices of the level's own nodes and of those that compute constants for them. */
  readonly nodes: ReadonlySet<number>;
  /** Names of the weights that all these read. */
  readonly initializers: ReadonlySet<string>;
}

/**
 * Selects what a level needs: its nodes and, walking up from them to its feeds, whatever computes constants on the way.
 * @throws ModelError `unsupported` where the level depends on something it is not fed
 */
export function selectNodes(source: LevelSource, level: MeasureLevel): SelectedNodes {
  const { model, graph, plan, producerOf } = source;
  const weights = new Set(model.graph.initializers.map(({ name }) => name));
  const sparse = new Set(model.graph.sparseInitializers.map(({ name }) => name));
  const feeds = new Set(level.feeds);
  const nodes = new Set(level.layers.map((layer) => nodeIndexOf(source, layer)));
  const initializers = new Set<string>();
  const pending = [...nodes];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    const node = model.graph.nodes[index];
    if (node === undefined) continue;
    for (const name of namesRead(node)) {
      if (feeds.has(name)) continue;
      if (weights.has(name)) initializers.add(name);
      if (sparse.has(name)) throw unsupportedNode(source, node, t`reads the sparse weight "${name}"`);
      const producer = producerOf.get(name);
      if (producer === undefined || nodes.has(producer)) continue;
      if (graph.tensors.has(name)) throw unsupportedNode(source, node, t`depends on the shape of "${name}" far from where it is computed`);
      nodes.add(producer);
      pending.push(producer);
    }
    if (plan.input.images.some(({ tensor }) => node.inputs.includes(tensor) && !feeds.has(tensor))) {
      throw unsupportedNode(source, node, t('depends on the shape of the input image far from where it is read'));
    }
  }
  return { nodes, initializers };
}

/** Tensors that a node reads, those of its bodies included. */
export function namesRead(node: OnnxNode): readonly string[] {
  return [...node.inputs, ...capturedNames(node)];
}
