import type { RunLimits } from '../../../core/equivariance/walk/circular-model';

/**
 * A card of 4 GB has room for it beside weights and the desktop, and no tensor of a run reaches the largest buffer that WebGPU promises
 * where it is asked for more than 128 MB. A card that does a multiply-add 2e12 times a second takes a fifth of a second for so many.
 */
export const gpuRunLimits: RunLimits = { bytes: 2 ** 30, multiplyAdds: 4e11 };
