import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow';

/** What the WASM backend (4.22) lets its kernels do with its memory. */
interface WasmMemory {
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
  /** A view; it holds until the memory grows. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
}

interface SliceInPlaceKernel extends KernelConfig {
  readonly slicesInPlace: true;
}

/** Types that lie in the backend's memory as they are. */
const plainTypes: ReadonlySet<string> = new Set(['float32', 'int32', 'bool']);

/**
 * Replaces the WASM backend's slice (4.22), which copies the whole tensor out of its memory, however little is cut from it: reflected
 * and wrapped borders cut single rows and columns of large maps. Here only what is cut is copied, within the memory.
 */
export function registerSliceInPlace(tf: TensorFlow, backendName: string): void {
  const kernel: KernelConfig = tf.getKernel('Slice', backendName);
  if ('slicesInPlace' in kernel) return;
  const replaced: SliceInPlaceKernel = { ...kernel, slicesInPlace: true, kernelFunc: sliceInPlace(tf, kernel.kernelFunc) };
  tf.unregisterKernel('Slice', backendName);
  tf.registerKernel(replaced);
}

function sliceInPlace(tf: TensorFlow, others: KernelFunc): KernelFunc {
  return (call) => {
    const { x } = call.inputs;
    if (x === undefined || !plainTypes.has(x.dtype)) return others(call);
    const { begin, size } = call.attrs as unknown as { readonly begin: number | number[]; readonly size: number | number[] };
    const [from = [], lengths = []] = tf.slice_util.parseSliceParams(x, begin, size);
    const memory = call.backend as WasmMemory;
    const output = memory.makeOutput(lengths, x.dtype);
    // The output first: making it may have moved the memory.
    copyRuns(memory.typedArrayFromHeap(x), memory.typedArrayFromHeap(output), x.shape, from, lengths);
    return output;
  };
}

type Numbers = Float32Array | Int32Array | Uint8Array;

/** Copies a box out of a tensor, row-major: axes at the end that are whole, and the one in front of them, are one run. */
function copyRuns(source: Numbers, target: Numbers, shape: readonly number[], begin: readonly number[], size: readonly number[]): void {
  let [axis, stride] = [shape.length - 1, 1];
  while (axis > 0 && size[axis] === shape[axis]) stride *= shape[axis--] ?? 1;
  const run = (size[axis] ?? 1) * stride;
  if (target.length === 0) return;
  const outer = shape.slice(0, Math.max(0, axis));
  const first = (begin[axis] ?? 0) * stride;
  for (let place = 0, row = 0; place < target.length; place += run, row++) {
    let [rest, step, start] = [row, stride * (shape[axis] ?? 1), first];
    for (let dimension = outer.length - 1; dimension >= 0; dimension--) {
      const length = size[dimension] ?? 1;
      start += ((begin[dimension] ?? 0) + (rest % length)) * step;
      rest = Math.floor(rest / length);
      step *= shape[dimension] ?? 1;
    }
    target.set(source.subarray(start, start + run), place);
  }
}
