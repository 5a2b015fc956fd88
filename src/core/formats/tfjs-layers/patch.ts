import { readAll } from '../byte-source';
import type { ModelSource, Patch, PatchOutcome, TextEdit } from '../format';
import type { BlurPlan } from '../../rewrite/plan';
import type { InsertedBlur, InsertedLayer } from './blur-layers';
import { blurShard } from './blur-shard';
import { JsonDocument } from './document';
import type { JsonPath } from './json';
import { parseManifest, type WeightGroup } from './manifest';
import { patchStep, type PatchStep } from './patch-step';
import { readLayersModel } from './read';
import { decodeText, parseTopology, type KerasTopology, type TensorReference } from './topology';

type DoneStep = Extract<PatchStep, { ok: true }>;

/**
 * Applies plans as edits of the JSON text plus one shard with all new kernels. Every byte outside the edits stays.
 * @throws ModelError where the file itself is unusable
 */
export async function patchLayersModel(source: ModelSource, plans: readonly BlurPlan[]): Promise<Patch> {
  const text = decodeText(await readAll(source), source.path);
  const topology = parseTopology(text, source.path);
  const graph = await readLayersModel(source);
  const groups = parseManifest(topology.weightsManifest, source.path);
  const takeName = uniqueNames(takenNames(topology, groups));
  const outcomes: PatchOutcome[] = [];
  const steps: DoneStep[] = [];
  for (const plan of plans) {
    const repeated = steps.some((step) => step.plan.layer === plan.layer || step.plan.blurAfter === plan.blurAfter);
    const step: PatchStep = repeated
      ? { ok: false, reason: `"${plan.layer}" already gets a blur by another plan of this patch.` }
      : patchStep(graph, topology, plan, takeName);
    if (step.ok) steps.push(step);
    outcomes.push(step.ok ? { ok: true, layer: plan.layer, description: step.description } : { ok: false, layer: plan.layer, reason: step.reason });
  }
  if (steps.length === 0) return { kind: 'text', edits: [], newFiles: [], outcomes };
  const document = new JsonDocument(text);
  const shard = await blurShard(document, groups, steps.map(({ blur }) => blur), source);
  const edits = [
    ...steps.flatMap((step) => unstride(document, topology, step)),
    ...insertLayers(document, topology, steps),
    ...(topology.kind === 'functional' ? rewire(document, topology, steps) : []),
    shard.manifestEdit,
  ];
  return { kind: 'text', edits, newFiles: [{ relativePath: shard.relativePath, bytes: shard.bytes }], outcomes };
}

/** Names of layers, also of those inside nested models, which the weights are named after. */
function takenNames(topology: KerasTopology, groups: readonly WeightGroup[]): readonly string[] {
  const weights = groups.flatMap((group) => group.weights);
  return [...topology.layers.map(({ name }) => name), ...weights.flatMap(({ name }) => name.split('/').slice(0, -1))];
}

function uniqueNames(taken: readonly string[]): (wanted: string) => string {
  const names = new Set(taken);
  return (wanted) => {
    let name = wanted;
    for (let count = 1; names.has(name); count++) name = `${wanted}_${count}`;
    names.add(name);
    return name;
  };
}

function layerIndex(topology: KerasTopology, name: string): number {
  return topology.layers.findIndex((layer) => layer.name === name);
}

/** The strided layer keeps everything but its stride. */
function unstride(document: JsonDocument, topology: KerasTopology, { plan }: DoneStep): readonly TextEdit[] {
  const config: JsonPath = [...topology.layersPath, layerIndex(topology, plan.layer), 'config'];
  const ones = plan.stride.map(() => 1);
  return document.has([...config, 'strides']) ? document.replaceNumbers([...config, 'strides'], ones) : [document.addProperty(config, 'strides', ones)];
}

/**
 * New layers stand beside the layer that they serve; a functional model's also say what they read. Where one blur goes
 * behind a layer and another in front of the next, both are inserted at one place, in the order of the data.
 */
function insertLayers(document: JsonDocument, topology: KerasTopology, steps: readonly DoneStep[]): readonly TextEdit[] {
  const blurOf = blursByOutput(steps);
  const behindFirst = [...steps].sort((a, b) => Number(standsInFront(a)) - Number(standsInFront(b)));
  return behindFirst.map((step) => {
    const { plan, blur } = step;
    const before = standsInFront(step);
    const index = layerIndex(topology, plan.blurAfter) - (before ? 1 : 0);
    const input = before ? redirected(inputOf(topology, plan.layer), blurOf) : { layer: plan.blurAfter, call: 0, output: 0 };
    return document.insertAfter(topology.layersPath, index, layerNodes(blur.layers, topology.kind === 'functional' ? input : undefined));
  });
}

function standsInFront({ plan }: DoneStep): boolean {
  return plan.recipe === 'blur-then-convolution';
}

function layerNodes(layers: readonly InsertedLayer[], input: TensorReference | undefined): readonly unknown[] {
  let previous = input;
  return layers.map(({ className, name, config }) => {
    if (previous === undefined) return { class_name: className, config };
    const node = { name, class_name: className, config, inbound_nodes: [[[previous.layer, previous.call, previous.output, {}]]] };
    previous = { layer: name, call: 0, output: 0 };
    return node;
  });
}

function inputOf(topology: KerasTopology, layer: string): TensorReference {
  return topology.layers[layerIndex(topology, layer)]?.calls[0]?.[0] ?? { layer: '', call: 0, output: 0 };
}

/** Last inserted layer by the layer whose output it blurs. */
function blursByOutput(steps: readonly DoneStep[]): ReadonlyMap<string, string> {
  return new Map(steps.flatMap((step) => (standsInFront(step) ? [] : [[step.plan.blurAfter, lastName(step.blur)] as const])));
}

function lastName(blur: InsertedBlur): string {
  return blur.layers.at(-1)?.name ?? '';
}

function redirected(reference: TensorReference, blurOf: ReadonlyMap<string, string>): TensorReference {
  const blur = reference.call === 0 ? blurOf.get(reference.layer) : undefined;
  return blur === undefined ? reference : { layer: blur, call: 0, output: 0 };
}

/** Whoever read a map that is now blurred reads the blur instead; a layer with a blur in front reads that. */
function rewire(document: JsonDocument, topology: KerasTopology, steps: readonly DoneStep[]): readonly TextEdit[] {
  const blurOf = blursByOutput(steps);
  const inFrontOf = new Map(steps.flatMap((step) => (standsInFront(step) ? [[step.plan.layer, lastName(step.blur)] as const] : [])));
  const edits: TextEdit[] = [];
  const renameAt = (path: JsonPath, from: string, to: string): void => {
    if (from !== to) edits.push(document.replace(path, to));
  };
  topology.layers.forEach(({ name, calls }, layer) => {
    calls.forEach((call, callIndex) => {
      call.forEach((reference, input) => {
        const target = inFrontOf.get(name) ?? redirected(reference, blurOf).layer;
        renameAt([...topology.layersPath, layer, 'inbound_nodes', callIndex, input, 0], reference.layer, target);
      });
    });
  });
  const ends: JsonPath = [...topology.configPath, 'output_layers'];
  const single = document.length([...ends, 0]) === 0;
  topology.outputs.forEach((reference, index) => {
    renameAt(single ? [...ends, 0] : [...ends, index, 0], reference.layer, redirected(reference, blurOf).layer);
  });
  return edits;
}
