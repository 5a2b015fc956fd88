import { t } from '@vscode/l10n';
import { ModelError } from '../../../model-error';
import { callNumber, type KerasLayer, type KerasModel } from './keras-model';
import type { TensorReference } from './keras-references';

/** One call of a layer within the model that lists it. */
export interface ListedCall {
  readonly layer: KerasLayer;
  /** Index among the layer's calls. */
  readonly call: number;
  readonly reads: readonly TensorReference[];
}

/** Key of a call among those of one model. */
export function callKey(layer: string, call: number): string {
  return `${call} ${layer}`;
}

/**
 * Every call of every layer of one model, those that are read first. Files need not list layers in order.
 * @throws ModelError `malformed` on a cycle or a reference to nothing
 */
export function orderedCalls(model: KerasModel, path: string): readonly ListedCall[] {
  const layers = new Map(model.layers.map((layer) => [layer.name, layer]));
  const calls = model.layers.flatMap((layer) => {
    const listed = layer.calls.length === 0 ? [[]] : layer.calls;
    return listed.map((reads, call): ListedCall => ({ layer, call, reads }));
  });
  const keyOf = (reference: TensorReference): string => {
    const layer = layers.get(reference.layer);
    return callKey(reference.layer, layer === undefined ? reference.call : callNumber(layer, reference));
  };
  const byKey = new Map(calls.map((call) => [callKey(call.layer.name, call.call), call]));
  for (const output of model.outputs) {
    if (!byKey.has(keyOf(output)))
      throw new ModelError('malformed', t`"${path}" names "${output.layer}" as its output, but has no such layer.`);
  }
  return sorted(calls, byKey, keyOf, path);
}

/** Kahn's algorithm: a call follows once nothing that it reads is still to come. */
function sorted(
  calls: readonly ListedCall[],
  byKey: ReadonlyMap<string, ListedCall>,
  keyOf: (reference: TensorReference) => string,
  path: string,
): readonly ListedCall[] {
  const waiting = new Map<ListedCall, number>();
  const readers = new Map<ListedCall, ListedCall[]>(calls.map((call) => [call, []]));
  for (const call of calls) {
    const sources = new Set(call.reads.map(keyOf));
    waiting.set(call, sources.size);
    for (const reference of call.reads) {
      const source = byKey.get(keyOf(reference));
      if (source === undefined) {
        throw new ModelError('malformed', t`Layer "${call.layer.name}" of "${path}" reads "${reference.layer}", which no layer gives.`);
      }
      if (sources.delete(keyOf(reference))) readers.get(source)?.push(call);
    }
  }
  const order = calls.filter((call) => waiting.get(call) === 0);
  for (const call of order) {
    for (const reader of readers.get(call) ?? []) {
      const left = (waiting.get(reader) ?? 0) - 1;
      waiting.set(reader, left);
      if (left === 0) order.push(reader);
    }
  }
  if (order.length === calls.length) return order;
  const stuck = calls.find((call) => (waiting.get(call) ?? 0) > 0);
  throw new ModelError('malformed', t`The layers of "${path}" form a cycle through "${stuck?.layer.name ?? ''}".`);
}
