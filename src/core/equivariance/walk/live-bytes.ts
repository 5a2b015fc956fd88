import type { Layer } from '../../graph/model-graph';

/**
 * The most bytes that tensors take at any one time while layers run one after another, each let go once its last reader has run.
 *
 * @param layers in the order they run in
 * @param bytesOf a tensor
 * @param kept tensors that are read later too
 */
export function liveBytes(layers: readonly Layer[], bytesOf: (tensor: string) => number, kept: readonly string[]): number {
  const lastReader = new Map(layers.flatMap(({ inputs }, index) => inputs.map((tensor) => [tensor, index] as const)));
  const live = new Set<string>();
  let [bytes, most] = [0, 0];
  for (const [index, { inputs, outputs }] of layers.entries()) {
    for (const tensor of outputs) {
      live.add(tensor);
      bytes += bytesOf(tensor);
    }
    most = Math.max(most, bytes);
    for (const tensor of new Set([...inputs, ...outputs])) {
      if (kept.includes(tensor) || (lastReader.get(tensor) ?? 0) > index || !live.delete(tensor)) continue;
      bytes -= bytesOf(tensor);
    }
  }
  return most;
}
