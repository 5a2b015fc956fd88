import { t } from '@vscode/l10n';
import type { MeasurePlan } from '../../../core/equivariance/plan/measure-plan';
import { area } from '../../../core/graph/period';
import { ModelError } from '../../../core/model-error';

/** A budget below this is meant for many images at a time; a single small one runs all the same. */
const leastLimitBytes = 128 * 2 ** 20;
const bytesPerValue = 4;

/**
 * Refuses what cannot fit before anything of it is made: the image and its largest map are held at once, however the run is cut up.
 *
 * @throws ModelError `too-large`
 */
export function requireFit({ input, layers }: Pick<MeasurePlan, 'input' | 'layers'>, memoryBudgetBytes: number): void {
  const [height, width] = input.size;
  const image = input.images.reduce((sum, { channels }) => sum + channels, 0) * area(input.size);
  const largest = layers.reduce((most, { channels, size }) => Math.max(most, channels * area(size)), 0);
  const neededBytes = bytesPerValue * (image + largest);
  if (neededBytes <= Math.max(memoryBudgetBytes, leastLimitBytes)) return;
  throw new ModelError(
    'too-large',
    t`An image of ${height}x${width} pixels and its largest feature map take ${megabytes(neededBytes)} MB, and the memory budget is ${megabytes(memoryBudgetBytes)} MB: use a smaller image, or raise the memory budget.`,
  );
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
