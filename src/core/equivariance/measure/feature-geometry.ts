import type { AxisPair, Layout } from '../../graph/model-graph';

/** How the numbers of one feature map (one batch element) lie in memory. */
export interface FeatureGeometry {
  readonly layout: Layout;
  readonly channels: number;
  readonly size: AxisPair;
}

/**
 * Geometry of a batch of feature maps, `[batch, channels, height, width]` or `[batch, height, width, channels]`; undefined for other
 * ranks.
 */
export function geometryOf(dims: readonly number[], layout: Layout): FeatureGeometry | undefined {
  if (dims.length !== 4) return undefined;
  const [, a = 0, b = 0, c = 0] = dims;
  return layout === 'channels-first' ? { layout, channels: a, size: [b, c] } : { layout, channels: c, size: [a, b] };
}

/** Numbers in one feature map. */
export function featureLength(geometry: FeatureGeometry): number {
  return geometry.channels * geometry.size[0] * geometry.size[1];
}

/**
 * The map as `planes` matrices of `rows` x `rowLength` numbers, `step` numbers per pixel along a row. Rolling and flat
 * products see both layouts through it: channels-last is one plane whose pixels are `channels` wide.
 */
export interface RowView {
  readonly planes: number;
  readonly rows: number;
  readonly rowLength: number;
  readonly step: number;
}

/** Row view of a feature map. */
export function rowView({ layout, channels, size: [height, width] }: FeatureGeometry): RowView {
  return layout === 'channels-first'
    ? { planes: channels, rows: height, rowLength: width, step: 1 }
    : { planes: 1, rows: height, rowLength: width * channels, step: channels };
}
