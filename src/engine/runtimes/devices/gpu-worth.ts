import type { DeviceChoice } from '../../protocol/engine-settings';

/**
 * Multiply-adds from which on a graphics card is worth its start and its comparison with the processor, a second or two: two cores take
 * several seconds for so many, sixteen about one.
 */
const worthItsStart = 3e11;

/** Whether a graphics card is to be tried for so many multiply-adds. */
export function isWorthGpu(device: DeviceChoice, multiplyAdds: number): boolean {
  switch (device) {
    case 'cpu':
      return false;
    case 'gpu':
      return true;
    case 'auto':
      return multiplyAdds >= worthItsStart;
  }
}
