import { ModelError } from '../../src/core/model-error';
import { readCifar } from './cifar';
import { imageLength, type DataSet, type LabelledImages } from './data-set';
import { drawDataSet } from './drawn';

/**
 * The first so many images of a folder of CIFAR-10, or so many drawings.
 *
 * @throws ModelError where the folder does not hold them
 */
export function loadDataSet(cifarFolder: string | undefined, trainingImages: number, testImages: number): DataSet {
  if (cifarFolder === undefined) return drawDataSet(trainingImages, testImages);
  const { training, test } = readCifar(cifarFolder);
  return { training: first(training, trainingImages, cifarFolder), test: first(test, testImages, cifarFolder) };
}

function first({ count, pixels, labels }: LabelledImages, wanted: number, folder: string): LabelledImages {
  if (count < wanted) throw new ModelError('malformed', `"${folder}" holds ${count} images where ${wanted} are asked for.`);
  return { count: wanted, pixels: pixels.subarray(0, wanted * imageLength), labels: labels.subarray(0, wanted) };
}
