import type { InferenceSession, TensorConstructor } from 'onnxruntime-node';

/** What both builds of ONNX Runtime offer alike. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession> };
  readonly Tensor: TensorConstructor;
}
