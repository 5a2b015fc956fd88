import type { Layer, Layout, Operation, Tensor } from '../../../graph/model-graph';
import { splitShape } from '../layers/layer-call';

type Padding = Extract<Operation, { kind: 'pad' }>;

/** A border, and the layers that cut it out of the map. */
interface SpeltBorder {
  readonly operation: Padding;
  readonly steps: readonly Layer[];
}

/**
 * Finds borders that a model spells out, TensorFlow.js having no layer for them: single rows or columns that are cut out of a map
 * and joined to it, in the order of a reflection or a repetition. The layer that joins them is the padding, those that cut are its
 * steps.
 *
 * @param layers in topological order @param outputs of the model
 */
export function markBorders(
  layers: readonly Layer[],
  tensors: ReadonlyMap<string, Tensor>,
  outputs: readonly string[],
  layout: Layout,
): readonly Layer[] {
  const search = new BorderSearch(layers, tensors, outputs, layout);
  const changes = new Map<Layer, Layer>();
  for (const layer of layers) {
    const found = search.border(layer);
    if (found === undefined) continue;
    changes.set(layer, { ...layer, operation: found.operation });
    for (const step of found.steps) changes.set(step, { ...step, stepOf: layer.name });
  }
  return layers.map((layer) => changes.get(layer) ?? layer);
}

class BorderSearch {
  private readonly producers = new Map<string, Layer>();
  private readonly readers = new Map<string, Layer[]>();
  private readonly outputs: ReadonlySet<string>;

  constructor(
    layers: readonly Layer[],
    private readonly tensors: ReadonlyMap<string, Tensor>,
    outputs: readonly string[],
    private readonly layout: Layout,
  ) {
    this.outputs = new Set(outputs);
    for (const layer of layers) {
      for (const tensor of layer.outputs) this.producers.set(tensor, layer);
      for (const tensor of new Set(layer.inputs)) {
        const known = this.readers.get(tensor);
        if (known === undefined) this.readers.set(tensor, [layer]);
        else known.push(layer);
      }
    }
  }

  /** The border that a layer joins to a map. */
  border(layer: Layer): SpeltBorder | undefined {
    if (layer.op !== 'Concatenate') return undefined;
    const cuts = layer.inputs.map((tensor) => this.cut(tensor, layer));
    const place = cuts.indexOf(undefined);
    const steps = cuts.filter((cut) => cut !== undefined);
    const map = layer.inputs[place];
    if (map === undefined || steps.length === 0 || steps.length !== cuts.length - 1) return undefined;
    const grown = steps.every(({ inputs }) => inputs[0] === map) ? this.lengthened(map, layer) : undefined;
    if (grown === undefined) return undefined;
    const samples = steps.map((step) => sampleOf(step, grown));
    const mode = modeOf(samples.slice(0, place).reverse(), samples.slice(place), grown.length);
    if (mode === undefined) return undefined;
    const amounts = (amount: number): readonly number[] => grown.axes.map((axis) => (axis === grown.axis ? amount : 0));
    return { operation: { kind: 'pad', begin: amounts(place), end: amounts(steps.length - place), mode }, steps };
  }

  /** The layer that cuts a piece out of a map for this reader alone. */
  private cut(tensor: string, reader: Layer): Layer | undefined {
    const producer = this.producers.get(tensor);
    const isOwn = this.readers.get(tensor)?.every((other) => other === reader) === true && !this.outputs.has(tensor);
    return isOwn && producer?.op.startsWith('Cropping') === true ? producer : undefined;
  }

  /** The one spatial axis along which a layer gives more than the map, and the map's length there. */
  private lengthened(map: string, { outputs: [joined = ''] }: Layer): Lengthened | undefined {
    const [before, after] = [map, joined].map((tensor) => splitShape(this.tensors.get(tensor)?.shape, this.layout)?.size);
    const axes = before?.map((_, axis) => axis) ?? [];
    const [axis, ...others] = axes.filter((index) => before?.[index] !== after?.[index]);
    const length = before?.[axis ?? -1] ?? null;
    return axis === undefined || others.length > 0 || length === null ? undefined : { axis, axes, length };
  }
}

/** A spatial axis among all, and the length of a map along it. */
interface Lengthened {
  readonly axis: number;
  readonly axes: readonly number[];
  readonly length: number;
}

/** The one sample that a layer leaves along the axis; undefined where it leaves more, or cuts along another. */
function sampleOf({ operation }: Layer, { axis, axes, length }: Lengthened): number | undefined {
  if (operation.kind !== 'pad') return undefined;
  const { begin, end } = operation;
  const isAlongAxis = axes.every((other) => other === axis || ((begin[other] ?? 0) === 0 && (end[other] ?? 0) === 0));
  const sample = 0 - (begin[axis] ?? 0);
  return isAlongAxis && sample === length - 1 + (end[axis] ?? 0) ? sample : undefined;
}

/** Which sample of a map stands at a distance in front of it, and behind it. */
interface BorderMode {
  before(distance: number): number;
  behind(distance: number, last: number): number;
}

/** By how ONNX and TensorFlow call them. */
const modes: readonly (readonly [name: string, mode: BorderMode])[] = [
  ['reflect', { before: (distance) => distance, behind: (distance, last) => last - distance }],
  ['edge', { before: () => 0, behind: (_, last) => last }],
];

/** @param before samples in front of the map, and those behind it, both from the map outwards @param length of the map */
function modeOf(before: readonly (number | undefined)[], behind: readonly (number | undefined)[], length: number): string | undefined {
  const found = modes.find(
    ([, mode]) =>
      before.every((sample, index) => sample === mode.before(index + 1)) &&
      behind.every((sample, index) => sample === mode.behind(index + 1, length - 1)),
  );
  return found?.[0];
}
