import { area } from '../../../../graph/period';
import type { AxisPair } from '../../../../graph/model-graph';
import { wholeBlocks } from './blocked-maps';

/** Maps `[count, channels, height, width]` with their channels in blocks, the last of them filled up with zeros. */
export function layInBlocks(
  maps: Float32Array,
  { channels, size }: { readonly channels: number; readonly size: AxisPair },
  block: number,
): Float32Array {
  const positions = area(size);
  const count = maps.length / (channels * positions);
  const padded = wholeBlocks(channels, block);
  const laid = new Float32Array(count * padded * positions);
  let from = 0;
  for (let map = 0; map < count; map++) {
    for (let channel = 0; channel < channels; channel++) {
      let to = map * padded * positions + (channel - (channel % block)) * positions + (channel % block);
      for (const end = from + positions; from < end; from++, to += block) laid[to] = maps[from] ?? 0;
    }
  }
  return laid;
}
