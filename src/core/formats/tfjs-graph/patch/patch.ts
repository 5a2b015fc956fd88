import type { IndexedGraph } from '../../../graph/dataflow';
import type { BlurPlan } from '../../../rewrite/plan';
import type { ModelSource, Patch, PatchOutcome, TextEdit } from '../../format';
import { FreeNames } from '../../free-names';
import { blurShard } from '../../tfjs/blur-shard';
import { JsonDocument } from '../../tfjs/document';
import type { JsonPath } from '../../tfjs/json';
import type { WeightGroup } from '../../tfjs/manifest';
import type { InsertedNode } from './node-builder';
import { tensorName, type GraphNode } from '../read/node';
import { patchStep, type PatchSite, type PatchStep } from './patch-step';
import type { GraphModel } from '../read/read';

const list: JsonPath = ['modelTopology', 'node'];

/** Applies plans as edits of the JSON text plus one shard with all new constants. Every byte outside the edits stays. */
export async function patchGraphModel(
  { text, definition, groups, graph, flow }: GraphModel & IndexedGraph,
  plans: readonly BlurPlan[],
  source: ModelSource,
): Promise<Patch> {
  const { nodes } = definition;
  const site: PatchSite = {
    graph,
    flow,
    nodes: new Map(nodes.map((node) => [node.name, node])),
    readersOf: readersOf(nodes),
    takeName: uniqueNames([...nodes.map(({ name }) => name), ...weightNames(groups)]),
  };
  const steps: PatchStep[] = [];
  const outcomes = plans.map((plan): PatchOutcome => {
    const step = patchStep(site, plan);
    if (typeof step === 'string') return { ok: false, layer: plan.layer, reason: step };
    if (steps.some((earlier) => collide(earlier, step))) {
      return { ok: false, layer: plan.layer, reason: `"${plan.layer}" already gets a blur by another plan of this patch.` };
    }
    steps.push(step);
    return { ok: true, layer: plan.layer, description: step.description };
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

/** Names of the nodes that read a tensor, those that only compute with its shape included. */
function readersOf(nodes: readonly GraphNode[]): PatchSite['readersOf'] {
  const readers = new Map<string, string[]>();
  for (const { name, inputs } of nodes) {
    for (const tensor of new Set(inputs.map(({ node, output }) => tensorName(node, output)))) {
      const known = readers.get(tensor);
      if (known === undefined) readers.set(tensor, [name]);
      else known.push(name);
    }
  }
  return (tensor) => readers.get(tensor) ?? [];
}

function weightNames(groups: readonly WeightGroup[]): readonly string[] {
  return groups.flatMap(({ weights }) => weights.map(({ name }) => name));
}

function uniqueNames(taken: readonly string[]): PatchSite['takeName'] {
  const free = new FreeNames(taken);
  return (wanted) => free.take(wanted, (copy) => `${wanted}${copy}`);
}

function collide(a: PatchStep, b: PatchStep): boolean {
  return a.strided === b.strided || (a.node === b.node && a.position === b.position);
}

/** The strided node loses its stride, and its neighbour is renamed or reads something else. */
function changesOf(document: JsonDocument, { plan, strided, position, node, newName }: PatchStep): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  if (plan.recipe !== 'average-to-blur' && plan.recipe !== 'blur-then-subsample') edits.push(...unstride(document, strided, plan));
  if (position === 'behind') edits.push(document.replace([...list, node.index, 'name'], newName));
  const place = node.inputs[0]?.place;
  if (position === 'in front of' && place !== undefined) edits.push(document.replace([...list, node.index, 'input', place], newName));
  return edits;
}

/** Strides are listed over all axes, `[1, height, width, 1]`. */
function unstride(document: JsonDocument, { index }: GraphNode, { layerStride }: BlurPlan): readonly TextEdit[] {
  return document.replaceNumbers([...list, index, 'attr', 'strides', 'list', 'i'], [1, ...layerStride, 1]);
}

/** Edits that put the new nodes beside the nodes that they serve: one edit for each place of the list. */
function insertions(document: JsonDocument, steps: readonly PatchStep[]): readonly TextEdit[] {
  const replaced = new Map<number, InsertedNode[]>();
  const inserted = new Map<number, InsertedNode[]>();
  for (const { position, node, blur } of steps) {
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
