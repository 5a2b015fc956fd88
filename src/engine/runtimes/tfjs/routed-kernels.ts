import type { BackendValues, DataType, KernelBackend, KernelConfig, KernelFunc, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow';

/** Kernels that the WASM backend has, but computes wrongly without an error (4.22). */
const wrongOnWasm: readonly string[] = ['Conv3DBackpropInputV2', 'Dilation2D', 'MaxPoolWithArgmax'];
/** Complex numbers are no values that could be copied: a model with a Fourier transform is refused by TensorFlow.js itself. */
const onComplexNumbers: readonly string[] = ['Complex', 'ComplexAbs', 'Real', 'Imag', 'FFT', 'IFFT'];
/** The backend in plain JavaScript: slow, complete, and right. */
const fallback = 'cpu';

/** What the two backends do with values. */
type Values = Pick<KernelBackend, 'readSync' | 'disposeData' | 'write'>;

/**
 * Routes what the WASM backend computes wrongly, or not at all, through the plain one (gradients apart, which nobody measures): values
 * are copied there, the kernel runs,
 * and its results are copied back.
 */
export function routeKernels(tf: TensorFlow, backendName: string): void {
  const own = new Set(tf.getKernelsForBackend(backendName).map(({ kernelName }) => kernelName));
  const routed = tf
    .getKernelsForBackend(fallback)
    .filter(
      ({ kernelName }) =>
        wrongOnWasm.includes(kernelName) ||
        (!own.has(kernelName) && !onComplexNumbers.includes(kernelName) && !kernelName.includes('Backprop')),
    );
  for (const kernel of routed) {
    if (own.has(kernel.kernelName)) tf.unregisterKernel(kernel.kernelName, backendName);
    const config: KernelConfig = { kernelName: kernel.kernelName, backendName, kernelFunc: onFallback(tf, kernel.kernelFunc) };
    tf.registerKernel(config);
  }
}

function onFallback(tf: TensorFlow, run: KernelFunc): KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const [from, to]: readonly Values[] = [backend as Values, tf.engine().findBackend(fallback)];
    if (from === undefined || to === undefined) throw new Error('TensorFlow.js has no plain backend.');
    const copied: TensorInfo[] = [];
    const copy = (tensor: TensorInfo): TensorInfo => {
      const dataId = to.write(from.readSync(tensor.dataId), tensor.shape, tensor.dtype);
      const info = { dataId, shape: tensor.shape, dtype: tensor.dtype };
      copied.push(info);
      return info;
    };
    const there = copyInputs(inputs, copy);
    const results = [run({ inputs: there, backend: to, ...(attrs === undefined ? {} : { attrs }) })].flat();
    const outputs = results.map(({ dataId, shape, dtype }): TensorInfo => ({
      dataId: from.write(ofType(to.readSync(dataId), dtype), shape, dtype),
      shape,
      dtype,
    }));
    for (const { dataId } of [...copied, ...results]) to.disposeData(dataId);
    const [only, ...more] = outputs;
    return only !== undefined && more.length === 0 ? only : outputs;
  };
}

/** Kernels of several equal inputs take them as a list. */
function copyInputs(inputs: NamedTensorInfoMap, copy: (tensor: TensorInfo) => TensorInfo): NamedTensorInfoMap {
  if (Array.isArray(inputs)) return (inputs as TensorInfo[]).map(copy) as unknown as NamedTensorInfoMap;
  return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor === undefined ? undefined : copy(tensor)]));
}

/** The plain backend hands whole numbers out as floats where a kernel called them so. */
function ofType(values: BackendValues, dtype: DataType): BackendValues {
  return dtype === 'int32' && values instanceof Float32Array ? Int32Array.from(values) : values;
}
