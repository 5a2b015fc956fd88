import type { TensorBatch } from '../../core/equivariance/walk/circular-model';
import type { Layout } from '../../core/graph/model-graph';

/** A batch with its channels moved to where a layout has them; they stand at the other end. */
export function turnedBatch({ data, dims }: TensorBatch, to: Layout): TensorBatch {
  const [images = 1, ...axes] = dims;
  const values = axes.reduce((product, length) => product * length, 1);
  const isFirst = to === 'channels-first';
  // Of an image, the positions and the channels are the rows and columns of a matrix, or the other way round.
  const columns = isFirst ? (axes.at(-1) ?? 1) : values / (axes[0] ?? 1);
  const rows = values / columns;
  const turned = new Float32Array(data.length);
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++)
        turned[image * values + column * rows + row] = data[image * values + row * columns + column] ?? 0;
    }
  }
  const [first = 1, ...others] = axes;
  const moved = isFirst ? [columns, ...axes.slice(0, -1)] : [...others, first];
  return { data: turned, dims: [images, ...moved] };
}
