import type { Tensor } from 'onnxruntime-node';
import { rolledTerms } from '../../../core/equivariance/measure/closed-form';
import { terms, type ReferenceMap } from '../../../core/equivariance/measure/products';
import { wholeBlocks } from '../../../core/formats/onnx/level/blocked/blocked-maps';
import { layInBlocks } from '../../../core/formats/onnx/level/blocked/lay-in-blocks';
import type { OnnxRuntime } from './onnx-runtime';
import { toTensor } from './tensor-exchange';

/** F_0 of maps as levels take them, kept for as long as the maps are compared with it. */
export class KeptReferences {
  private readonly rolls = new WeakMap<ReferenceMap, Float32Array>();

  /**
   * F_0 in its four rolls, or its last row and column repeated before the first.
   * @param block channels in a block, where the rolls are to lie in blocks
   */
  tensor(runtime: OnnxRuntime, reference: ReferenceMap, block: number | undefined): Tensor {
    const {
      extended,
      isRolled,
      geometry: { channels, size },
    } = reference;
    if (isRolled !== true) return toTensor(runtime, { data: extended, dims: [1, channels, size[0] + 1, size[1] + 1] });
    const data = this.rolls.get(reference) ?? laidOut(reference, block);
    this.rolls.set(reference, data);
    return toTensor(runtime, { data, dims: [terms, wholeBlocks(channels, block ?? 1), ...size] });
  }
}

function laidOut(reference: ReferenceMap, block: number | undefined): Float32Array {
  const rolls = rolledTerms(reference);
  return block === undefined ? rolls : layInBlocks(rolls, reference.geometry, block);
}
