import type { AxisPair } from '../../../src/panel-protocol/core/geometry';
import type { Shift } from '../reading';

/**
 * Where copies of a picture have to be drawn so that it is seen rolled by a shift: `[top, left]` corners in whole pixels of the picture, as
 * many as it takes to cover it, so one where nothing moves.
 *
 * @param imageSize of the image that the shift counts in; the picture may be a smaller one of it
 */
export function rolledCorners({ dy, dx }: Shift, imageSize: AxisPair, size: AxisPair): readonly AxisPair[] {
  const starts = (shift: number, pixels: number, length: number): readonly number[] => {
    const moved = Math.round((shift * length) / pixels);
    const start = ((moved % length) + length) % length;
    return start === 0 ? [0] : [start - length, start];
  };
  const lefts = starts(dx, imageSize[1], size[1]);
  return starts(dy, imageSize[0], size[0]).flatMap((top) => lefts.map((left) => [top, left] as const));
}
