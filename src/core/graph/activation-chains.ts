import type { ActivationChain, Layer } from './model-graph';

/** Layers between an activation's input and its end; no known one has more than ten. */
const lengthLimit = 32;

/** How an operator joins values of one position: it adds them up, or bends them by one another. */
export type JoinKind = 'adding' | 'bending';

/**
 * Finds activations that a model spells out (x * sigmoid(x), x * relu6(x + 3) / 6, GELU by Erf or Tanh, Mish): the layer that
 * joins the map with what was computed from it value by value is an activation itself.
 * @param outputs of the model @param joinOf what the format knows of an operator; undefined for those that join nothing
 */
export function markChains(
  layers: readonly Layer[],
  outputs: readonly string[],
  joinOf: (op: string) => JoinKind | undefined,
): readonly Layer[] {
  const search = new ChainSearch(layers, outputs, joinOf);
  return layers.map((layer) => search.visit(layer));
}

class ChainSearch {
  private readonly producers = new Map<string, Layer>();
  private readonly readers = new Map<string, Set<string>>();
  /** The tensor that a joining layer's result depends on alone, by the layer's name. */
  private readonly roots = new Map<string, string>();
  private readonly outputs: ReadonlySet<string>;

  constructor(
    layers: readonly Layer[],
    outputs: readonly string[],
    private readonly joinOf: (op: string) => JoinKind | undefined,
  ) {
    this.outputs = new Set(outputs);
    for (const layer of layers) {
      for (const tensor of layer.inputs) {
        const known = this.readers.get(tensor) ?? new Set<string>();
        this.readers.set(tensor, known.add(layer.name));
      }
    }
  }

  /** The layer as it is now seen; layers come in topological order. */
  visit(layer: Layer): Layer {
    const seen = this.joined(layer) ?? layer;
    for (const tensor of seen.outputs) this.producers.set(tensor, seen);
    return seen;
  }

  private joined(layer: Layer): Layer | undefined {
    const join = layer.operation.kind === 'merge' ? this.joinOf(layer.op) : undefined;
    if (join === undefined) return undefined;
    const root = this.commonRoot(layer.inputs);
    const inner = root === undefined ? undefined : this.between(layer.inputs, root);
    if (root === undefined || inner === undefined) return undefined;
    this.roots.set(layer.name, root);
    const isActivation = join === 'bending' || [...inner].some((tensor) => this.bends(tensor));
    const chain: ActivationChain = { input: root, inner: [...inner] };
    return {
      ...layer,
      operation: { kind: 'pointwise', role: isActivation ? 'activation' : 'normalisation' },
      ...(isActivation && this.isClosed(layer, chain) && { chain }),
    };
  }

  private bends(tensor: string): boolean {
    const operation = this.producers.get(tensor)?.operation;
    return operation?.kind === 'pointwise' && (operation.role === 'activation' || operation.role === 'other');
  }

  /** The nearest tensor that every operand is computed from value by value. */
  private commonRoot(operands: readonly string[]): string | undefined {
    const [first = [], ...others] = operands.map((tensor) => this.ancestors(tensor));
    return first.find((tensor) => others.every((list) => list.includes(tensor)));
  }

  /** The tensor and those that it is computed from value by value, nearest first. */
  private ancestors(tensor: string): readonly string[] {
    const list: string[] = [];
    for (let current: string | undefined = tensor; current !== undefined && list.length < lengthLimit;) {
      list.push(current);
      const producer = this.producers.get(current);
      if (producer?.operation.kind !== 'pointwise') break;
      current = this.roots.get(producer.name) ?? producer.inputs[0];
    }
    return list;
  }

  /** Everything that flows from the root to the operands. */
  private between(operands: readonly string[], root: string): ReadonlySet<string> | undefined {
    const inner = new Set<string>();
    const pending = operands.filter((tensor) => tensor !== root);
    for (let tensor = pending.pop(); tensor !== undefined; tensor = pending.pop()) {
      if (inner.has(tensor)) continue;
      inner.add(tensor);
      if (inner.size > lengthLimit) return undefined;
      pending.push(...(this.producers.get(tensor)?.inputs.filter((input) => input !== root) ?? []));
    }
    return inner;
  }

  /** True where nothing outside reads what flows inside. */
  private isClosed(layer: Layer, { input, inner }: ActivationChain): boolean {
    const members = new Set([layer.name, ...inner.flatMap((tensor) => this.producers.get(tensor)?.name ?? [])]);
    return [input, ...inner].every((tensor) => {
      if (this.outputs.has(tensor)) return false;
      const readers = this.readers.get(tensor) ?? new Set();
      return readers.size <= members.size && [...readers].every((reader) => members.has(reader));
    });
  }
}
