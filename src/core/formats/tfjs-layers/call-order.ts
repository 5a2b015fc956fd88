import { ModelError } from '../format';
import type { KerasLayer, KerasTopology, TensorReference } from './topology';

/** One call of a layer: what it gives and what it reads, by tensor name. */
export interface Call {
  readonly layer: KerasLayer;
  readonly tensor: string;
  readonly reads: readonly string[];
}

/** Name of the tensor that a call gives: the layer's own for its first call. */
export function tensorName({ layer, call }: Pick<TensorReference, 'layer' | 'call'>): string {
  return call === 0 ? layer : `${layer} (call ${call + 1})`;
}

/**
 * Every call of every layer, those that are read first. Files need not list layers in order.
 * @throws ModelError `malformed` on a cycle or a reference to nothing, `unsupported` where two calls would share a name
 */
export function orderedCalls(topology: KerasTopology, path: string): readonly Call[] {
  const calls = callsOf(topology);
  const byTensor = new Map(calls.map((call) => [call.tensor, call]));
  if (byTensor.size < calls.length) {
    const taken = calls.find((call) => byTensor.get(call.tensor) !== call);
    throw new ModelError('unsupported', `"${path}" has a layer named "${taken?.tensor ?? ''}", the name Shiftlint gives to a repeated call of another layer.`);
  }
  for (const { layer } of topology.outputs) {
    if (!byTensor.has(layer)) throw new ModelError('malformed', `"${path}" names "${layer}" as its output, but has no such layer.`);
  }
  return sorted(calls, byTensor, path);
}

function callsOf({ layers }: KerasTopology): readonly Call[] {
  return layers.flatMap((layer) => {
    const calls = layer.calls.length === 0 ? [[]] : layer.calls;
    return calls.map((reads, call) => ({ layer, tensor: tensorName({ layer: layer.name, call }), reads: reads.map(tensorName) }));
  });
}

/** Kahn's algorithm: a call follows once nothing that it reads is still to come. */
function sorted(calls: readonly Call[], byTensor: ReadonlyMap<string, Call>, path: string): readonly Call[] {
  const waiting = new Map<Call, number>();
  const readers = new Map<string, Call[]>(calls.map(({ tensor }) => [tensor, []]));
  for (const call of calls) {
    const sources = new Set(call.reads);
    waiting.set(call, sources.size);
    for (const source of sources) {
      if (!byTensor.has(source)) {
        throw new ModelError('malformed', `Layer "${call.layer.name}" of "${path}" reads "${source}", which no layer gives.`);
      }
      readers.get(source)?.push(call);
    }
  }
  const order = calls.filter((call) => waiting.get(call) === 0);
  for (const call of order) {
    for (const reader of readers.get(call.tensor) ?? []) {
      const left = (waiting.get(reader) ?? 0) - 1;
      waiting.set(reader, left);
      if (left === 0) order.push(reader);
    }
  }
  if (order.length === calls.length) return order;
  const stuck = calls.find((call) => (waiting.get(call) ?? 0) > 0);
  throw new ModelError('malformed', `The layers of "${path}" form a cycle through "${stuck?.layer.name ?? ''}".`);
}
