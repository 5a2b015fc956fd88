import type { Layout } from '../../../graph/model-graph';
import type { NewWeight } from '../../tfjs/blur-shard';

/** A layer to insert, as Keras configures it. */
export interface InsertedLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Of a model: what a functional model lists in its place, so that it needs no model inside. */
  readonly inside?: ModelInside;
}

/** Layers that branch and meet again; the last one gives the result. */
export interface ModelInside {
  /** What those layers read that read what the model is given. */
  readonly input: string;
  readonly layers: readonly ReadingLayer[];
}

/** A layer, and the names of those that it reads. */
export interface ReadingLayer extends InsertedLayer {
  readonly reads: readonly string[];
}

/** What one blur is made of, in order; the last layer gives the blurred map. */
export interface InsertedBlur {
  readonly layers: readonly InsertedLayer[];
  readonly weight: NewWeight;
  /** Name of the layer that filters. */
  readonly filter: string;
  /** What is special about it, as full sentences. */
  readonly notes: readonly string[];
}

/** A unique layer name that ends in this. */
export type BlurNames = (ending: string) => string;

/** A layer of constant behaviour, named in its own configuration too. */
export function insertedLayer(className: string, name: string, config: Readonly<Record<string, unknown>>): InsertedLayer {
  return { className, name, config: { name, trainable: false, dtype: 'float32', ...config } };
}

/** As Keras spells a layout. */
export function dataFormat(layout: Layout): string {
  return layout === 'channels-first' ? 'channels_first' : 'channels_last';
}
