import { t } from '@vscode/l10n';
import type { BackendValues, DataType, KernelBackend, KernelFunc, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from './tensorflow';

/** A backend whose kernels are completed. */
export interface IncompleteBackend {
  /** As TensorFlow.js names it. */
  readonly name: 'wasm' | 'tensorflow';
  /** As people know it. */
  readonly title: string;
  /** Kernels that it has, but computes wrongly without an error (4.22). */
  readonly wrong: readonly string[];
}

/** The WASM backend. */
export const wasmBackend: IncompleteBackend = {
  name: 'wasm',
  title: t('the WASM backend'),
  wrong: ['Conv3DBackpropInputV2', 'Dilation2D', 'MaxPoolWithArgmax'],
};

/** The native one. */
export const nativeBackend: IncompleteBackend = { name: 'tensorflow', title: 'tfjs-node', wrong: [] };

/** Complex numbers are no values that could be copied: a model with a Fourier transform is refused by TensorFlow.js itself. */
const onComplexNumbers: readonly string[] = ['Complex', 'ComplexAbs', 'Real', 'Imag', 'FFT', 'IFFT'];
/** The backend in plain JavaScript: slow, complete, and right. */
const fallback = 'cpu';

/** What the two backends do with values. */
type Values = Pick<KernelBackend, 'readSync' | 'disposeData' | 'write'>;

/** Which kernels ran on the plain backend. */
export class RanElsewhere {
  private readonly kernels = new Map<string, string>();

  /** @param why as a clause that a colon may stand in front of */
  add(kernel: string, why: string): void {
    this.kernels.set(kernel, why);
  }

  /** Full sentences on those that ran since this was asked last. */
  take(): readonly string[] {
    const notes = [...this.kernels].map(([kernel, why]) => t`${kernel} ran on the plain JavaScript backend: ${why}.`);
    this.kernels.clear();
    return notes;
  }
}

/**
 * Routes what a backend computes wrongly, or not at all, through the plain one (gradients apart, which nobody measures): values are
 * copied there, the kernel runs, and its results are copied back.
 *
 * @returns which of them have run
 */
export function routeKernels(tf: TensorFlow, { name, title, wrong }: IncompleteBackend): RanElsewhere {
  const ran = new RanElsewhere();
  const own = new Set(tf.getKernelsForBackend(name).map(({ kernelName }) => kernelName));
  const routed = tf
    .getKernelsForBackend(fallback)
    .filter(
      ({ kernelName }) =>
        wrong.includes(kernelName) || (!own.has(kernelName) && !onComplexNumbers.includes(kernelName) && !kernelName.includes('Backprop')),
    );
  for (const { kernelName, kernelFunc } of routed) {
    const isWrong = own.has(kernelName);
    if (isWrong) tf.unregisterKernel(kernelName, name);
    const run = onFallback(tf, kernelFunc);
    const why = isWrong ? t`the kernel of ${title} gives wrong values` : t`${title} has no such kernel`;
    tf.registerKernel({
      kernelName,
      backendName: name,
      kernelFunc: (call) => {
        ran.add(kernelName, why);
        return run(call);
      },
    });
  }
  return ran;
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
