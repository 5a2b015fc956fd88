import type { ModelFormat } from '../format';
import { looksLikeOnnx } from './detect';
import { onnxName, openOnnx } from './open';

/** ONNX: protobuf files of the ModelProto message, all operator sets. */
export const onnxFormat: ModelFormat = { ...onnxName, detect: looksLikeOnnx, open: openOnnx };
