import type { AddProducts } from '../../../core/recover/matrix-products';
import { onnxMatrixProducts } from '../../runtimes/onnx/onnx-matrix-products';
import { wasmMatrixProducts } from '../../runtimes/products/wasm-matrix-products';

let loading: Promise<AddProducts> | undefined;

/** The fastest products in float64 that there are here, whatever runs the model: loaded once for the process. */
export function matrixProducts(): Promise<AddProducts> {
  loading ??= wasmMatrixProducts().then((small) => onnxMatrixProducts(small));
  return loading;
}
