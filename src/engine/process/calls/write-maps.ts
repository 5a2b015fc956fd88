import { writeMaps as write } from '../../output/write-maps';
import type { Handler } from '../handler';

/** Writes heatmaps or feature maps to a folder, and names the files. */
export const writeMaps: Handler<'write-maps'> = ({ folder, maps, mayReplace }) => write(folder, maps, mayReplace);
