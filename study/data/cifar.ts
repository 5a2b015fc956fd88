import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ModelError } from '../../src/core/model-error';
import { classCount, imageLength, side, type DataSet, type LabelledImages } from './data-set';

/** A label, then the image with channels first. */
const recordLength = 1 + imageLength;

const trainingFiles = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
const testFile = 'test_batch.bin';

/**
 * Reads CIFAR-10 in its binary version (`cifar-10-batches-bin`).
 *
 * @throws ModelError where a file is missing, cut off or holds something else
 */
export function readCifar(folder: string): DataSet {
  return { training: joined(trainingFiles.map((name) => readBatch(folder, name))), test: readBatch(folder, testFile) };
}

function readBatch(folder: string, name: string): LabelledImages {
  const file = path.join(folder, name);
  const bytes = readBytes(file);
  const count = bytes.length / recordLength;
  if (count === 0 || !Number.isInteger(count)) {
    const what = `CIFAR-10's binary files are records of ${recordLength} bytes, and ${bytes.length} bytes are not a whole number of them`;
    throw new ModelError('truncated', `"${file}" is cut off or of another kind: ${what}. Unpack the archive again.`);
  }
  const pixels = new Uint8Array(count * imageLength);
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const label = bytes[image * recordLength] ?? 0;
    if (label >= classCount) {
      throw new ModelError('malformed', `"${file}" is no file of CIFAR-10: its image ${image} has the class ${label}, the last one is 9.`);
    }
    labels[image] = label;
    channelsLast(bytes.subarray(image * recordLength + 1, (image + 1) * recordLength), pixels, image * imageLength);
  }
  return { count, pixels, labels };
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ModelError(
      'unreadable',
      `"${file}" could not be read (${cause}). --cifar takes the folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin.`,
    );
  }
}

function channelsLast(record: Uint8Array, target: Uint8Array, begin: number): void {
  const plane = side * side;
  for (let position = 0; position < plane; position++) {
    for (let channel = 0; channel < 3; channel++) target[begin + position * 3 + channel] = record[channel * plane + position] ?? 0;
  }
}

function joined(parts: readonly LabelledImages[]): LabelledImages {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const pixels = new Uint8Array(count * imageLength);
  const labels = new Uint8Array(count);
  let begin = 0;
  for (const part of parts) {
    pixels.set(part.pixels, begin * imageLength);
    labels.set(part.labels, begin);
    begin += part.count;
  }
  return { count, pixels, labels };
}
