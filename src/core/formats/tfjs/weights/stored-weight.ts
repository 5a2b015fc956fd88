import type { StoredWeight } from '../../stored-weight';
import type { WeightSlices } from '../weight-slices';

/** The weights of these names whose files are there. */
export function storedWeights(names: readonly string[], slices: WeightSlices): readonly StoredWeight[] {
  return names.flatMap((name) => {
    const slice = slices(name);
    return slice === undefined || slice.isMissing
      ? []
      : [{ name, shape: slice.shape, elementBytes: slice.elementBytes, read: (start, count) => slice.read(start, count) }];
  });
}
