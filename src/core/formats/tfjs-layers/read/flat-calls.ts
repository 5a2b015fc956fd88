import { t } from '@vscode/l10n';
import { ModelError } from '../../../model-error';
import { callKey, orderedCalls, type ListedCall } from './call-order';
import { callNumber, type KerasLayer, type KerasModel } from './keras-model';
import type { TensorReference } from './keras-references';
import type { LayerCount } from './layer-count';

/** One run of one layer, however deep in nested models it stands. */
export interface FlatCall {
  readonly layer: KerasLayer;
  /** The model whose JSON lists the layer. */
  readonly model: KerasModel;
  /** Index among the calls that this JSON lists; a model that is called several times runs each of them several times. */
  readonly call: number;
  /** The layer by the names of the models around it: `outer/inner`. */
  readonly path: string;
  /** Name of the tensor that comes out, and of the graph's layer: the path, for later runs with their number. */
  readonly tensor: string;
  readonly reads: readonly string[];
  /** True inside a model that runs for every step of a sequence: its maps have an axis of steps behind that of the batch. */
  readonly isOverTime: boolean;
}

/** Names the place in the JSON that a run comes from; all calls of a model within the model come from its one list. */
export function listingKey({ model, layer, call }: FlatCall): string {
  return `${model.layersPath.join('/')} ${callKey(layer.name, call)}`;
}

/** What a nested model is given in one of its calls: a tensor, at the layer that takes it. */
export interface ModelEntry {
  readonly model: KerasModel;
  readonly layer: KerasLayer;
  readonly tensor: string;
}

/** A model with its nested models unfolded. */
export interface FlatModel {
  /** In topological order; input layers of nested models are passed through. */
  readonly calls: readonly FlatCall[];
  /** Of nested models, outer ones first. */
  readonly entries: readonly ModelEntry[];
  readonly outputs: readonly string[];
}

/** Unfolds a model. @param count which its own layers are in already @throws ModelError `malformed`, `unsupported` or `too-large` */
export function flatCalls(model: KerasModel, path: string, count: LayerCount): FlatModel {
  const unfolding = new Unfolding(path, count);
  const outputs = unfolding.unfold(model, { prefix: '', isOverTime: false }, undefined);
  return { calls: unfolding.calls, entries: unfolding.entries, outputs };
}

/** Where a model stands. */
interface Place extends Pick<FlatCall, 'isOverTime'> {
  /** Starts the paths of its layers. */
  readonly prefix: string;
}

class Unfolding {
  readonly calls: FlatCall[] = [];
  readonly entries: ModelEntry[] = [];
  private readonly tensors = new Set<string>();
  private readonly known = new Set<KerasLayer>();
  private readonly runs = new Map<string, number>();
  private readonly orders = new Map<KerasModel, readonly ListedCall[]>();

  constructor(
    private readonly path: string,
    private readonly count: LayerCount,
  ) {}

  /** @param feeds what the model reads as a layer, undefined where its inputs are the whole model's; answers with its outputs */
  unfold(model: KerasModel, place: Place, feeds: readonly string[] | undefined): readonly string[] {
    const given = new Map<string, readonly string[]>();
    const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
    const tensorOf = (reference: TensorReference): string => {
      const layer = layers.get(reference.layer);
      const outputs = layer && given.get(callKey(layer.name, callNumber(layer, reference)));
      const tensor = outputs?.[layer?.model === undefined ? 0 : reference.output];
      if (tensor === undefined)
        throw new ModelError('malformed', t`"${this.path}" reads an output of "${place.prefix}${reference.layer}" that it does not give.`);
      return tensor;
    };
    let last: readonly string[] = [];
    for (const { layer, call, reads } of this.ordered(model)) {
      const feed = reads.length === 0 && feeds !== undefined ? feeds[inputIndex(model, layer)] : undefined;
      const inputs = feed === undefined ? reads.map(tensorOf) : [feed];
      if (feed !== undefined) this.entries.push({ model, layer, tensor: feed });
      last = this.run({ model, layer, call, reads: inputs }, place, feed);
      given.set(callKey(layer.name, call), last);
    }
    return model.kind === 'sequential' ? last : model.outputs.map(tensorOf);
  }

  /** @param feed what an input layer passes on, where the model is a layer itself */
  private run(
    { model, layer, call, reads }: Omit<FlatCall, 'path' | 'tensor' | 'isOverTime'>,
    { prefix, isOverTime }: Place,
    feed: string | undefined,
  ): readonly string[] {
    if (layer.model !== undefined) {
      const inside = { prefix: `${prefix}${layer.name}/`, isOverTime: isOverTime || layer.wrapper === 'TimeDistributed' };
      return this.unfold(layer.model, inside, reads.length === 0 ? undefined : reads);
    }
    if (layer.className === 'InputLayer' && feed !== undefined) return [feed];
    const path = `${prefix}${layer.name}`;
    const earlier = this.runs.get(path) ?? 0;
    this.runs.set(path, earlier + 1);
    const tensor = earlier === 0 ? path : `${path} (call ${earlier + 1})`;
    if (this.tensors.has(tensor)) {
      throw new ModelError('unsupported', t`"${this.path}" has two layers that Shiftlint would both name "${tensor}".`);
    }
    if (this.known.has(layer)) this.count.repeat();
    this.known.add(layer);
    this.tensors.add(tensor);
    this.calls.push({ layer, model, call, path, tensor, reads, isOverTime: isOverTime || layer.wrapper === 'TimeDistributed' });
    return [tensor];
  }

  private ordered(model: KerasModel): readonly ListedCall[] {
    const known = this.orders.get(model);
    if (known !== undefined) return known;
    const order = orderedCalls(model, this.path);
    this.orders.set(model, order);
    return order;
  }
}

/** Which of the model's inputs a layer without inbound layers stands for. */
function inputIndex(model: KerasModel, layer: KerasLayer): number {
  return Math.max(
    0,
    model.inputs.findIndex((reference) => reference.layer === layer.name),
  );
}
