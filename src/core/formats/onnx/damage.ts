import { ModelError } from '../format';
import { WireError } from './wire';

/** Runs a reading step and names the file where its protobuf structure turns out to be broken. @throws ModelError `malformed` */
export function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new ModelError(
      'malformed',
      `"${path}" is not a valid ONNX model: its structure breaks at byte ${error.offset}. Export or download it again.`,
    );
  }
}
