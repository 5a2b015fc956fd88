import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { terms, type ReferenceMap } from '../../../core/equivariance/measure/products';
import type { ResultBatch } from '../one-by-one';
import type { TensorFlow } from './tensorflow';

/** The sums of a batch of maps: `squares` as `[images, places]`, `products` as `[images, places, 4]`. */
export interface TakenSums {
  readonly squares: ResultBatch<Float64Array>;
  readonly products: ResultBatch<Float64Array>;
}

const nothing = new Float32Array();

/** Whether the sums of a map can be taken where it is: the products below know channels that come last. */
export function isSummable({ geometry }: ReferenceMap): boolean {
  return geometry.layout === 'channels-last';
}

/**
 * The sums of the closed form, taken on the backend that holds the maps, so that they need not leave it. A row of a map, or for the channel
 * metric a position, is multiplied by that of F_0's four rolls; rows are added up in float64.
 *
 * @param map `[images, height, width, channels]`, or without the height of 1
 */
export async function takeSums(tf: TensorFlow, map: Tensor, reference: ReferenceMap): Promise<TakenSums> {
  const { geometry, metric } = reference;
  const [height, width] = geometry.size;
  const [images = 1] = map.shape;
  const [parts, length] = metric === 'flat' ? [height, width * geometry.channels] : [height * width, geometry.channels];
  const taken = tf.tidy((): Tensor[] => {
    const rows: Tensor3D = tf.reshape(map, [images, parts, length]);
    const rolls: Tensor3D = tf.reshape(rolledTensor(tf, reference), [terms, parts, length]);
    // [parts, images, length] times [parts, length, 4]
    return [tf.sum(tf.square(rows), 2), tf.matMul(tf.transpose(rows, [1, 0, 2]), tf.transpose(rolls, [1, 2, 0]))];
  });
  try {
    const places = metric === 'flat' ? 1 : parts;
    const [squares = nothing, products = nothing] = await Promise.all(taken.map((tensor) => tensor.data<'float32'>()));
    return collected(squares, products, { images, parts, places });
  } finally {
    tf.dispose(taken);
  }
}

/** F_0 in its four rolls, `[4, height, width, channels]`: windows of what it is extended to. */
function rolledTensor(tf: TensorFlow, { extended, geometry: { size, channels } }: ReferenceMap): Tensor {
  const [height, width] = size;
  const whole = tf.tensor3d(extended, [height + 1, width + 1, channels]);
  const window = (down: number, right: number): Tensor3D => tf.slice(whole, [1 - down, 1 - right, 0], [height, width, channels]);
  return tf.stack([window(0, 0), window(0, 1), window(1, 0), window(1, 1)]);
}

interface Extent {
  readonly images: number;
  /** Rows or positions that were summed alone. */
  readonly parts: number;
  /** One, or as many as there are parts. */
  readonly places: number;
}

/** @param squares `[images, parts]` @param products `[parts, images, 4]` */
function collected(squares: Float32Array, products: Float32Array, { images, parts, places }: Extent): TakenSums {
  const ofSquares = new Float64Array(images * places);
  const ofProducts = new Float64Array(images * places * terms);
  for (let image = 0; image < images; image++) {
    for (let part = 0; part < parts; part++) {
      const place = image * places + (places === 1 ? 0 : part);
      ofSquares[place] = (ofSquares[place] ?? 0) + (squares[image * parts + part] ?? 0);
      for (let term = 0; term < terms; term++) {
        const to = place * terms + term;
        ofProducts[to] = (ofProducts[to] ?? 0) + (products[(part * images + image) * terms + term] ?? 0);
      }
    }
  }
  return { squares: { data: ofSquares, dims: [images, places] }, products: { data: ofProducts, dims: [images, places, terms] } };
}
