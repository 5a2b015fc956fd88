import { layerLabel } from '../../../graph/layer-labels';
import type { IndexedGraph } from '../../../graph/dataflow';
import { admitPlans } from '../../../rewrite/admit-plans';
import { blurPosition, type BlurPlan } from '../../../rewrite/plan';
import type { ModelSource, Patch, PatchOutcome, TextEdit } from '../../format';
import { FreeNames } from '../../free-names';
import { blurShard } from '../../tfjs/blur-shard';
import { JsonDocument } from '../../tfjs/document';
import type { JsonPath } from '../../tfjs/json';
import type { WeightGroup } from '../../tfjs/manifest';
import type { InsertedNode } from './node-builder';
import type { GraphNode } from '../read/node';
import { patchStep, type NodeNames, type PatchStep } from './patch-step';
import type { GraphModel } from '../read/read';

const list: JsonPath = ['modelTopology', 'node'];

/** Applies plans as edits of the JSON text plus one shard with all new constants. Every byte outside the edits stays. */
export async function patchGraphModel(model: GraphModel & IndexedGraph, plans: readonly BlurPlan[], source: ModelSource): Promise<Patch> {
  const { text, definition, groups } = model;
  const names = nodeNames(definition.nodes, groups);
  const steps: PatchStep[] = [];
  const outcomes = admitPlans(model, plans).map((admission): PatchOutcome => {
    if (!admission.ok) return admission;
    const { layer } = admission.plan;
    const label = layerLabel(model.graph, layer);
    const step = patchStep(names, admission.plan, label);
    steps.push(step);
    return { ok: true, layer, label, description: step.description };
  });
  if (steps.length === 0) return { kind: 'text', edits: [], newFiles: [], outcomes };
  const document = new JsonDocument(text);
  const shard = await blurShard(
    document,
    groups,
    steps.flatMap(({ blur }) => blur.weights),
    source,
  );
  const edits = [...steps.flatMap((step) => changesOf(document, step)), ...insertions(document, steps), shard.manifestEdit];
  return { kind: 'text', edits, newFiles: [{ relativePath: shard.relativePath, bytes: shard.bytes }], outcomes };
}

function nodeNames(nodes: readonly GraphNode[], groups: readonly WeightGroup[]): NodeNames {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const free = new FreeNames([...byName.keys(), ...groups.flatMap(({ weights }) => weights.map(({ name }) => name))]);
  return {
    node: (name) => {
      const node = byName.get(name);
      if (node === undefined) throw new Error(`A plan changes "${name}", which is no node of the model.`);
      return node;
    },
    take: (wanted) => free.take(wanted, (copy) => `${wanted}${copy}`),
  };
}

/** The strided node loses its stride, and its neighbour is renamed or reads something else. */
function changesOf(document: JsonDocument, { plan, strided, node, newName }: PatchStep): readonly TextEdit[] {
  const position = blurPosition(plan);
  const edits: TextEdit[] = [];
  if (plan.window !== undefined) edits.push(...unstride(document, strided, plan.window.stride));
  if (position === 'behind') edits.push(document.replace([...list, node.index, 'name'], newName));
  const place = node.inputs[0]?.place;
  if (position === 'in front of' && place !== undefined) edits.push(document.replace([...list, node.index, 'input', place], newName));
  return edits;
}

/** Strides are listed over all axes, `[1, height, width, 1]`. */
function unstride(document: JsonDocument, { index }: GraphNode, layerStride: readonly number[]): readonly TextEdit[] {
  return document.replaceNumbers([...list, index, 'attr', 'strides', 'list', 'i'], [1, ...layerStride, 1]);
}

/** Edits that put the new nodes beside the nodes that they serve: one edit for each place of the list. */
function insertions(document: JsonDocument, steps: readonly PatchStep[]): readonly TextEdit[] {
  const replaced = new Map<number, InsertedNode[]>();
  const inserted = new Map<number, InsertedNode[]>();
  for (const { plan, node, blur } of steps) {
    const position = blurPosition(plan);
    const places = position === 'in place of' ? replaced : inserted;
    const index = position === 'in front of' ? node.index - 1 : node.index;
    places.set(index, [...(places.get(index) ?? []), ...blur.nodes]);
  }
  const indices = new Set([...replaced.keys(), ...inserted.keys()]);
  return [...indices].map((index) => {
    const [instead, behind] = [replaced.get(index), inserted.get(index) ?? []];
    return instead === undefined ? document.insertAfter(list, index, behind) : document.replaceEntry(list, index, [...instead, ...behind]);
  });
}
