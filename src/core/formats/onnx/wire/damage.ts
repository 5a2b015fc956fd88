import { t } from '@vscode/l10n';
import { LimitError } from '../../../limits';
import { ModelError } from '../../../model-error';
import { WireError } from './wire';

/**
 * Runs a reading step and names the file where its protobuf structure turns out to be broken, or beyond a limit.
 * @param placeInFile where an offset that the step reports stands in the file
 * @throws ModelError `malformed`, `truncated` or `too-large`
 */
export function naming<T>(path: string, read: () => T, placeInFile: (offset: number) => number = (offset) => offset): T {
  try {
    return read();
  } catch (error) {
    throw named(error, path, placeInFile);
  }
}

/** The same for a step that waits for bytes. */
export async function namingLater<T>(path: string, fileSize: number, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof WireError && error.endsFile) throw cutOff(path, longerThanFile(error.offset, fileSize));
    throw named(error, path, (offset) => offset);
  }
}

function named(error: unknown, path: string, placeInFile: (offset: number) => number): unknown {
  if (error instanceof LimitError) return error.naming(path);
  if (!(error instanceof WireError)) return error;
  return new ModelError(
    'malformed',
    t`"${path}" is not a valid ONNX model: its structure breaks at byte ${placeInFile(error.offset)}. Export or download it again.`,
  );
}

/** A file that ends too early. @param how a clause */
export function cutOff(path: string, how: string): ModelError {
  return new ModelError('truncated', t`"${path}" is a truncated ONNX model: ${how}. Copy or download it again.`);
}

/** The clause for a part that claims more bytes than the file has. */
export function longerThanFile(offset: number, fileSize: number): string {
  return t`a part that starts at byte ${offset} is longer than the file (${fileSize} bytes)`;
}
