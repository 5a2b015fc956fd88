import type { Callable } from './callable';
import { row, windowParameter } from './rows';

/** Path of the row for `x[:, :, ::2, ::2]`, which is no call. */
const slicePath = 'slice';

const rows = ([1, 2, 3] as const).map((dimensions) =>
  row(slicePath, 'subsample', 'operation', { dimensions, kernel: windowParameter('kernel', 1), stride: windowParameter('step', null) }),
);

/** A slice that keeps some samples along image axes. */
export function subsamplingSlice(dimensions: 1 | 2 | 3): Callable {
  return rows[dimensions - 1] ?? row(slicePath, 'subsample', 'operation', { dimensions });
}

/** True of a slice, which no call shows. */
export function isSlice({ path }: Callable): boolean {
  return path === slicePath;
}
