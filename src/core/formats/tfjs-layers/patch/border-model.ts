import type { BlurPadding, BlurSpecification } from '../../../rewrite/plan';
import { dataFormat, insertedLayer, type BlurNames, type InsertedLayer, type ReadingLayer } from './inserted-blur';

/** What lies beside a map of two axes, where it is not zeros; the map's lengths are known along every axis that is padded. */
export interface MapBorder extends Pick<BlurSpecification, 'size' | 'channels' | 'layout'> {
  readonly border: Exclude<BlurPadding, 'zero'>;
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/**
 * A border that TensorFlow.js has no layer for, out of stock layers: rows and then columns are cut out of the map one by one and stand
 * beside it. Sequential models, whose layers cannot branch, hold them as a model of their own.
 */
export function borderModel(border: MapBorder, names: BlurNames): InsertedLayer {
  const name = names('blur_pad');
  const input = inputLayer(border, names);
  const layers = [input];
  for (const axis of [0, 1]) layers.push(...axisLayers(border, axis, lastName(layers), names));
  const end = (layer: string): readonly unknown[] => [layer, 0, 0];
  return {
    className: 'Functional',
    name,
    inside: { input: input.name, layers: layers.slice(1) },
    config: {
      name,
      trainable: false,
      layers: layers.map(({ name: own, className, config, reads }) => ({
        name: own,
        class_name: className,
        config,
        inbound_nodes: reads.length === 0 ? [] : [reads.map((read) => [...end(read), {}])],
      })),
      input_layers: [end(input.name)],
      output_layers: [end(lastName(layers))],
    },
  };
}

function inputLayer({ size, channels, layout }: MapBorder, names: BlurNames): ReadingLayer {
  const name = names('blur_pad_input');
  const shape = layout === 'channels-first' ? [null, channels, ...size] : [null, ...size, channels];
  return { className: 'InputLayer', name, config: { batch_input_shape: shape, dtype: 'float32', sparse: false, name }, reads: [] };
}

/** How the samples beside a map are called along each axis: in front of it, behind it, and all together. */
const axisNames = [
  ['above', 'below', 'rows'],
  ['left', 'right', 'columns'],
] as const;

/** Layers that lengthen a map along one axis; none where it stays as it is. */
function axisLayers({ border, begin, end, size, layout }: MapBorder, axis: number, map: string, names: BlurNames): readonly ReadingLayer[] {
  const [before, behind, all] = axisNames[axis] ?? axisNames[0];
  const last = (size[axis] ?? 1) - 1;
  const sample = (distance: number): number => (border === 'reflect' ? distance : 0);
  const cut = (side: string, distance: number, place: number): ReadingLayer => {
    const cropping = [0, 1].map((other) => (other === axis ? [place, last - place] : [0, 0]));
    const config = { data_format: dataFormat(layout), cropping };
    return { ...insertedLayer('Cropping2D', names(`blur_pad_${side}_${distance}`), config), reads: [map] };
  };
  const firsts = distances(begin[axis] ?? 0).map((distance) => cut(before, distance, sample(distance)));
  const lasts = distances(end[axis] ?? 0).map((distance) => cut(behind, distance, last - sample(distance)));
  if (firsts.length + lasts.length === 0) return [];
  const reads = [...firsts.map(({ name }) => name).reverse(), map, ...lasts.map(({ name }) => name)];
  const whole = insertedLayer('Concatenate', names(`blur_pad_${all}`), { axis: axis + (layout === 'channels-first' ? 2 : 1) });
  return [...firsts, ...lasts, { ...whole, reads }];
}

/** From 1 on. */
function distances(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function lastName(layers: readonly InsertedLayer[]): string {
  return layers.at(-1)?.name ?? '';
}
