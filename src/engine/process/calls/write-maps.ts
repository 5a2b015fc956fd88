import { writeMaps as write } from '../../output/write-maps';
import type { Handler } from '../handler';

/** Writes heatmaps or feature maps to a folder. */
export const writeMaps: Handler<'write-maps'> = async ({ folder, maps }) => {
  await write(folder, maps);
  return null;
};
