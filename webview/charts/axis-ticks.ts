/** At most this many marks along an axis stay legible. */
const mostTicks = 9;

/** Pixel shifts to mark along an axis of `length` pixels: steps are powers of two, as strides mostly are. */
export function axisTicks(length: number): readonly number[] {
  let step = 1;
  while (length / step > mostTicks) step *= 2;
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step);
}
