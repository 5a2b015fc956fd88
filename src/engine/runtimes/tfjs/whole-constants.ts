import type { KernelBackend, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow';

/** Kernels that take constants, by the names of their constant inputs. */
const constantsOf: Readonly<Record<string, readonly string[]>> = {
  FusedBatchNorm: ['mean', 'variance', 'offset', 'scale'],
  Prelu: ['alpha'],
};

interface WholeConstantsKernel extends KernelConfig {
  readonly takesWholeConstants: true;
}

/**
 * Mends two kernels of the WASM and cpu backends (4.22). They start a constant over whenever it is used up, whatever its shape,
 * which is right for constants of the last axes alone: one per channel with the channels in front, `[1, channels, 1, 1]`, is
 * applied by position. Here such a constant is repeated over the axes behind its own, so that starting over is right again.
 */
export function registerWholeConstants(tf: TensorFlow, backendName: string): void {
  for (const [kernelName, constants] of Object.entries(constantsOf)) {
    const kernel: KernelConfig = tf.getKernel(kernelName, backendName);
    if ('takesWholeConstants' in kernel) continue;
    const mended: WholeConstantsKernel = {
      ...kernel,
      takesWholeConstants: true,
      kernelFunc: withWholeConstants(kernel.kernelFunc, constants, tf.getKernel('Tile', backendName).kernelFunc),
    };
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel(mended);
  }
}

function withWholeConstants(run: KernelFunc, constants: readonly string[], tile: KernelFunc): KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const repeated: TensorInfo[] = [];
    const whole = { ...inputs };
    for (const name of constants) {
      const [constant, repeats] = [inputs[name], repeatsOver(inputs[name]?.shape ?? [], inputs['x']?.shape ?? [])];
      if (constant === undefined || repeats.every((count) => count === 1)) continue;
      const result = [tile({ inputs: { x: constant }, backend, attrs: { reps: [...repeats] } })].flat();
      repeated.push(...result);
      whole[name] = result[0];
    }
    const output = run({ inputs: whole, backend, ...(attrs === undefined ? {} : { attrs }) });
    for (const { dataId } of repeated) (backend as Pick<KernelBackend, 'disposeData'>).disposeData(dataId);
    return output;
  };
}

/** How often a constant is repeated along each of its axes; its shape is aligned with the map's at the end. */
function repeatsOver(constant: readonly number[], map: readonly number[]): readonly number[] {
  const first = constant.findIndex((length) => length > 1);
  return constant.map((length, axis) => (first >= 0 && axis > first && length === 1 ? (map.at(axis - constant.length) ?? 1) : 1));
}
