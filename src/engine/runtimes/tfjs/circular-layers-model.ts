import { t } from '@vscode/l10n';
import type { layers as tfLayers, LayersModel, Tensor } from '@tensorflow/tfjs';
import type { SummedLevel, TensorBatch, WantedOfLevel } from '../../../core/equivariance/walk/circular-model';
import type { CircularResampling, MeasureLevel } from '../../../core/equivariance/contracts';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { ModelError } from '../../../core/model-error';
import type { Layer, ModelGraph } from '../../../core/graph/model-graph';
import type { ModelPayload } from '../../protocol/payload';
import { summedLevel } from '../summed-results';
import { LevelResults, type SummingModel } from './level-results';
import { disposeModel } from './load-model';
import { ofLayer, refusing } from './runtime-error';
import { shapeOfPositions } from './reshape-positions';
import type { TensorFlow } from './tensorflow';
import { toTensor } from './tensor-exchange';
import { cut, wrap } from './wrap';

type KerasLayer = tfLayers.Layer;
type Batches = ReadonlyMap<string, TensorBatch>;

/**
 * A layers-model under the circular protocol. Its layers are called one by one; window layers see a wrapped input and have
 * their own padding switched off, which is safe because this copy of the model belongs to nobody else.
 */
export class CircularLayersModel implements SummingModel {
  private readonly steps: ReadonlyMap<string, Layer>;

  constructor(
    private readonly tf: TensorFlow,
    private readonly payload: ModelPayload,
    private readonly model: LayersModel,
    private readonly graph: ModelGraph,
    private readonly plan: MeasurePlan,
  ) {
    this.steps = new Map(graph.layers.map((layer) => [layer.name, layer]));
    for (const name of [...plan.circularPadding.keys(), ...plan.circularResampling.keys()]) switchOffPadding(this.kerasLayer(name));
    for (const [name, resampling] of plan.circularResampling) enlarge(this.kerasLayer(name), resampling);
  }

  async runLevel(index: number, feeds: Batches): Promise<Batches> {
    return summedLevel(await this.run(index, feeds), []).maps;
  }

  async sumLevel(index: number, feeds: Batches, wanted: WantedOfLevel): Promise<SummedLevel> {
    return summedLevel(await this.run(index, feeds, wanted), wanted.references.keys());
  }

  dispose(): Promise<void> {
    disposeModel(this.model);
    return Promise.resolve();
  }

  private run(index: number, feeds: Batches, wanted?: WantedOfLevel): Promise<LevelResults['given']> {
    const level = this.plan.levels[index];
    if (level === undefined) throw new Error(`The plan has no level ${index}.`);
    return refusing(this.payload, () => this.runLayers(level, feeds, wanted));
  }

  private async runLayers(level: MeasureLevel, feeds: Batches, wanted: WantedOfLevel | undefined): Promise<LevelResults['given']> {
    const { tf } = this;
    const values = new Map<string, Tensor>();
    for (const [name, batch] of feeds) values.set(name, toTensor(tf, batch));
    const readersLeft = countReaders(level, this.steps);
    const taken = new LevelResults(tf, wanted);
    try {
      for (const name of level.layers) {
        const step = this.step(name);
        const inputs = step.inputs.map((tensor) => given(values, tensor));
        const output = ofLayer(this.payload, step, () => this.call(step, inputs));
        const [tensor = name] = step.outputs;
        values.set(tensor, output);
        if (level.fetches.includes(tensor)) await taken.take(tensor, output);
        for (const used of new Set([...step.inputs, tensor])) release(values, readersLeft, used, step);
      }
      return taken.given;
    } finally {
      for (const tensor of values.values()) tensor.dispose();
    }
  }

  private call(step: Layer, inputs: readonly Tensor[]): Tensor {
    const { tf, plan } = this;
    const [first] = inputs;
    if (plan.foldedPads.has(step.name) && first !== undefined) return first.clone();
    const reshaped = first && this.reshaped(step, first);
    if (reshaped !== undefined) return reshaped;
    return tf.tidy(() => {
      const resampling = plan.circularResampling.get(step.name);
      const padding = resampling?.padding ?? plan.circularPadding.get(step.name);
      const wrapped = padding === undefined ? [...inputs] : inputs.map((maps) => wrap(tf, maps, padding, this.graph.layout));
      const result = this.kerasLayer(step.name).call(wrapped.length === 1 ? (wrapped[0] ?? []) : wrapped, { training: false });
      const [only, ...others] = Array.isArray(result) ? result : [result];
      if (only === undefined || others.length > 0) {
        throw new ModelError(
          'unsupported',
          t`Layer "${step.name}" of "${this.payload.path}" gives ${others.length + 1} results; one was expected.`,
        );
      }
      if (resampling !== undefined) return cut(tf, only, resampling, this.graph.layout);
      // A layer such as Dropout hands its input on; a copy of that keeps ownership simple. Others need none: it is not free on WASM.
      return inputs.includes(only) ? only.clone() : only;
    });
  }

  /** What a Reshape that keeps positions gives, whatever their number is here. */
  private reshaped(step: Layer, map: Tensor): Tensor | undefined {
    if (step.op !== 'Reshape') return undefined;
    const target = this.kerasLayer(step.name).getConfig()['targetShape'];
    const shape = Array.isArray(target) ? shapeOfPositions(step, map.shape, target as (number | null)[], this.graph.layout) : undefined;
    return shape && this.tf.reshape(map, [...shape]);
  }

  private step(name: string): Layer {
    const step = this.steps.get(name);
    if (step === undefined) throw new Error(`The plan names a layer "${name}" that the graph lacks.`);
    return step;
  }

  /** Later calls of a shared layer are `name (call 2)` and so on in the graph. */
  private kerasLayer(name: string): KerasLayer {
    const { layers } = this.model;
    const layer = layerAt(layers, name) ?? layerAt(layers, name.replace(/ \(call \d+\)$/, ''));
    if (layer === undefined)
      throw new ModelError('unsupported', t`TensorFlow.js loaded "${this.payload.path}" without the layer "${name}".`);
    return layer;
  }
}

/** A layer by its path: those inside a model that is a layer itself are `outer/inner`. Names may hold slashes too. */
function layerAt(layers: readonly KerasLayer[], path: string): KerasLayer | undefined {
  const own = layers.find(({ name }) => name === path);
  if (own !== undefined) return own;
  for (const layer of layers) {
    const inner =
      'layers' in layer && path.startsWith(`${layer.name}/`)
        ? layerAt(layer.layers as readonly KerasLayer[], path.slice(layer.name.length + 1))
        : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function switchOffPadding(layer: KerasLayer): void {
  if ('padding' in layer) Object.assign(layer, { padding: 'valid' });
}

/** A layer that resizes to given lengths resizes the wrapped map to so much more. */
function enlarge(layer: KerasLayer, { padding, begin, size }: CircularResampling): void {
  if (!('height' in layer) || !('width' in layer)) return;
  const length = (axis: 0 | 1): number =>
    size[axis] + begin[axis] + Math.round((padding.end[axis] * begin[axis]) / Math.max(1, padding.begin[axis]));
  Object.assign(layer, { height: length(0), width: length(1) });
}

function countReaders(level: MeasureLevel, steps: ReadonlyMap<string, Layer>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of level.layers) {
    for (const tensor of new Set(steps.get(name)?.inputs)) counts.set(tensor, (counts.get(tensor) ?? 0) + 1);
  }
  return counts;
}

function given(values: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = values.get(name);
  if (tensor === undefined) throw new Error(`The level does not feed the tensor "${name}".`);
  return tensor;
}

/** Frees a tensor once its last reader in the level has run. */
function release(values: Map<string, Tensor>, readersLeft: Map<string, number>, name: string, step: Layer): void {
  const left = (readersLeft.get(name) ?? 0) - (step.inputs.includes(name) ? 1 : 0);
  readersLeft.set(name, left);
  if (left > 0) return;
  values.get(name)?.dispose();
  values.delete(name);
}
