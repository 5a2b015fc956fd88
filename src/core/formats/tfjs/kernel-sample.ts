import type { KernelSample } from '../../graph/model-graph';
import type { SlicedWeight } from './weight-slices';

/** A sample reads no more than this of one layer, and holds no more kernels. */
const mostBytes = 1 << 16;
const mostKernels = 4096;
/** Every run of neighbouring kernels costs a read for each place of the window; so many reads are worth a sample. */
const mostReads = 64;

/**
 * An evenly spaced sample of the kernels in a weight `[...window, in channels, out channels]`: runs of neighbouring kernels,
 * whose values at one place of the window lie side by side.
 */
export async function kernelSample(window: readonly number[], weight: SlicedWeight): Promise<KernelSample> {
  const places = product(window);
  const kernels = product(weight.shape) / places;
  const wanted = Math.max(1, Math.min(kernels, mostKernels, Math.floor(mostBytes / (places * weight.elementBytes))));
  const runs = Math.max(1, Math.min(wanted, wanted === kernels ? 1 : Math.floor(mostReads / places)));
  const length = Math.floor(wanted / runs);
  const values = new Float32Array(runs * length * places);
  for (let run = 0; run < runs; run++) {
    const first = runs === 1 ? Math.floor((kernels - length) / 2) : Math.floor((run * (kernels - length)) / (runs - 1));
    for (let place = 0; place < places; place++) {
      const read = await weight.read(place * kernels + first, length);
      read.forEach((value, index) => {
        values[(run * length + index) * places + place] = value;
      });
    }
  }
  return { shape: window, values };
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((result, length) => result * length, 1);
}
