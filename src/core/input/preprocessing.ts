import { dataflow } from '../graph/dataflow';
import type { ModelGraph } from '../graph/model-graph';
import { spatialShape } from '../graph/sampling';

/** How pixels become the numbers a model takes: `(pixel - mean) / deviation` per channel, pixels from 0 to 1. */
export interface Preprocessing {
  readonly channelOrder: 'rgb' | 'bgr';
  /** In the model's channel order; the last one stands for further channels. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Means and standard deviations of ImageNet's training images, as torchvision states them. */
const imagenet: Preprocessing = { channelOrder: 'rgb', mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
const bytes: Preprocessing = { channelOrder: 'rgb', mean: [0], deviation: [1 / 255] };

/** Common conventions by the name that the command line and the panel know them under. */
export const preprocessingPresets = {
  unit: { channelOrder: 'rgb', mean: [0], deviation: [1] },
  symmetric: { channelOrder: 'rgb', mean: [0.5], deviation: [0.5] },
  imagenet,
  bytes,
  'bytes-bgr': { ...bytes, channelOrder: 'bgr' },
  /** Caffe's means of ImageNet, subtracted from bytes in the order blue, green, red. */
  caffe: { channelOrder: 'bgr', mean: [103.939 / 255, 116.779 / 255, 123.68 / 255], deviation: [1 / 255] },
} as const satisfies Readonly<Record<string, Preprocessing>>;

/** Name of a preset. */
export type PreprocessingName = keyof typeof preprocessingPresets;

export const preprocessingNames = Object.keys(preprocessingPresets).filter(isPreprocessingName);

/** What each preset does, as shown to people. */
export const preprocessingLabels: Readonly<Record<PreprocessingName, string>> = {
  unit: '0 to 1',
  symmetric: '-1 to 1',
  imagenet: 'ImageNet mean and standard deviation',
  bytes: '0 to 255',
  'bytes-bgr': '0 to 255, blue first',
  caffe: 'Caffe: blue first, mean subtracted',
};

export function isPreprocessingName(text: string): text is PreprocessingName {
  return Object.hasOwn(preprocessingPresets, text);
}

/** A preset taken for a model, and why, as a clause. */
export interface GuessedPreprocessing {
  readonly name: PreprocessingName;
  readonly reason: string;
}

/** ImageNet's normalisation is the habit for photographs, not for digits and icons. */
const photographSide = 64;
/** Layers and operators that scale raw pixels themselves. */
const scalingOps: ReadonlySet<string> = new Set(['Rescaling', 'Normalization', 'Sub', 'Mul', 'Div', 'RealDiv', 'Cast']);

/** Guesses how a model wants its pixels; a guess, which every caller shows and lets the user change. */
export function guessPreprocessing(graph: ModelGraph): GuessedPreprocessing {
  const [input = ''] = graph.inputs;
  const first = dataflow(graph).readers(input)[0];
  if (first !== undefined && scalingOps.has(first.op)) {
    return { name: 'bytes', reason: `the model starts by scaling its pixels ("${first.name}", ${first.op})` };
  }
  const shape = spatialShape(graph, input);
  const isPhotograph = shape?.channels === 3 && shape.size.every((length) => length === null || length >= photographSide);
  if (/^pytorch\b/i.test(graph.producer) && isPhotograph) {
    return { name: 'imagenet', reason: 'PyTorch exported the model, and it takes photographs' };
  }
  return { name: 'unit', reason: 'the model file does not tell' };
}

/** Tells how pixels are given to the model, as a full sentence; without a reason it was asked for and needs none. */
export function preprocessingNote({ name, reason }: GuessedPreprocessing): readonly string[] {
  return reason === '' ? [] : [`Pixels are given as ${preprocessingLabels[name]} ("${name}"), because ${reason}.`];
}

/** The offset and factor of one channel: `value = pixel * factor + offset`. */
export function channelScale({ mean, deviation }: Preprocessing, channel: number): { readonly factor: number; readonly offset: number } {
  const at = (values: readonly number[], missing: number): number => values[channel] ?? values.at(-1) ?? missing;
  const factor = 1 / at(deviation, 1);
  return { factor, offset: -at(mean, 0) * factor };
}
