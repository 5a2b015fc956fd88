import { t } from '@vscode/l10n';
import { indexGraph } from '../graph/dataflow';
import type { Layer, ModelGraph } from '../graph/model-graph';
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

/** More numbers than an image has channels are a mistake. */
const largestChannels = 16;

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
  unit: t('0 to 1'),
  symmetric: t('-1 to 1'),
  imagenet: t('ImageNet mean and standard deviation'),
  bytes: t('0 to 255'),
  'bytes-bgr': t('0 to 255, blue first'),
  caffe: t('Caffe: blue first, mean subtracted'),
};

export function isPreprocessingName(text: string): text is PreprocessingName {
  return Object.hasOwn(preprocessingPresets, text);
}

/** What a user may ask for: a preset, or numbers of their own. */
export type WantedPreprocessing = PreprocessingName | Preprocessing;

/** How pixels are given to a model, and why. */
export interface ChosenPreprocessing {
  readonly preprocessing: Preprocessing;
  /** A preset's name, or the numbers as `preprocessingText` writes them. */
  readonly name: string;
  /** A clause; empty where the user asked for it. */
  readonly reason: string;
}

/** What the user asked for, else a guess; a guess, which every caller shows and lets the user change. */
export function choosePreprocessing(graph: ModelGraph, wanted?: WantedPreprocessing): ChosenPreprocessing {
  if (wanted !== undefined) return askedPreprocessing(wanted);
  const { name, reason } = guessPreprocessing(graph);
  return { ...askedPreprocessing(name), reason };
}

/** What the user asked for. */
export function askedPreprocessing(wanted: WantedPreprocessing): ChosenPreprocessing {
  return {
    preprocessing: typeof wanted === 'string' ? preprocessingPresets[wanted] : wanted,
    name: preprocessingText(wanted),
    reason: '',
  };
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
/** Operators that only write values in another way. */
const quantizingOps: ReadonlySet<string> = new Set(['QuantizeLinear', 'DequantizeLinear']);
/** Values of the metadata that ONNX's conventions for image models name. */
const rangeKey = 'Image.NominalPixelRange';
const formatKey = 'Image.BitmapPixelFormat';
const ranges = new Map<string, PreprocessingName>([
  ['NominalRange_0_255', 'bytes'],
  ['Normalized_0_1', 'unit'],
  ['Normalized_1_1', 'symmetric'],
]);

/** How a model seems to want its pixels. */
export function guessPreprocessing(graph: ModelGraph): GuessedPreprocessing {
  const stated = ranges.get(graph.metadata?.get(rangeKey) ?? '');
  if (stated !== undefined) {
    const bluesFirst = stated === 'bytes' && /^bgr/i.test(graph.metadata?.get(formatKey) ?? '');
    return { name: bluesFirst ? 'bytes-bgr' : stated, reason: t("the model's metadata says so") };
  }
  const input = graph.inputs.find((tensor) => spatialShape(graph, tensor)?.size.length === 2) ?? graph.inputs[0] ?? '';
  if (graph.tensors.get(input)?.wholeNumbers !== undefined) return { name: 'bytes', reason: t('the model takes whole numbers') };
  const first = firstToCompute(graph, input);
  if (first !== undefined && scalingOps.has(first.op)) {
    return { name: 'bytes', reason: t`the model starts by scaling its pixels ("${first.name}", ${first.op})` };
  }
  if (/ultralytics/i.test(graph.metadata?.get('author') ?? '')) {
    return { name: 'unit', reason: t('Ultralytics exported the model') };
  }
  const shape = spatialShape(graph, input);
  const isPhotograph = shape?.channels === 3 && shape.size.every((length) => length === null || length >= photographSide);
  if (/^pytorch\b/i.test(graph.producer) && isPhotograph) {
    return { name: 'imagenet', reason: t('PyTorch exported the model, and it takes photographs') };
  }
  return { name: 'unit', reason: t('the model file does not tell') };
}

/** The first layer that computes with an image: models of less precise numbers bring it into their own first, which scales nothing. */
function firstToCompute(graph: ModelGraph, input: string): Layer | undefined {
  const { flow } = indexGraph(graph);
  const seen = new Set<string>();
  for (let tensor = input; !seen.has(tensor);) {
    seen.add(tensor);
    const [reader] = flow.readers(tensor);
    if (reader === undefined || !keepsPixels(graph, reader, tensor)) return reader;
    tensor = reader.outputs[0] ?? '';
  }
  return undefined;
}

function keepsPixels({ format, tensors }: ModelGraph, { op }: Layer, tensor: string): boolean {
  // Only an ONNX file's graph tells what is a whole number.
  return quantizingOps.has(op) || (op === 'Cast' && format === 'onnx' && tensors.get(tensor)?.elementType !== 'other');
}

/** Tells how pixels are given to the model, as a full sentence; without a reason it was asked for and needs none. */
export function preprocessingNote({ name, reason }: Pick<ChosenPreprocessing, 'name' | 'reason'>): readonly string[] {
  if (reason === '') return [];
  const given = isPreprocessingName(name) ? `${preprocessingLabels[name]} ("${name}")` : name;
  return [t`Pixels are given as ${given}, because ${reason}.`];
}

/** A preset's name, or numbers as `rgb:0.5,0.5,0.5:0.25`: channel order, means, deviations. */
export function preprocessingText(wanted: WantedPreprocessing): string {
  return typeof wanted === 'string' ? wanted : `${wanted.channelOrder}:${wanted.mean.join()}:${wanted.deviation.join()}`;
}

/** The inverse of `preprocessingText`; undefined for anything else, and for a deviation that nothing can be divided by. */
export function parsePreprocessing(text: string): WantedPreprocessing | undefined {
  if (isPreprocessingName(text)) return text;
  const [order, means, deviations, ...more] = text.toLowerCase().split(':');
  const [mean, deviation] = [numbersIn(means), numbersIn(deviations)];
  if ((order !== 'rgb' && order !== 'bgr') || mean === undefined || deviation === undefined || more.length > 0) return undefined;
  return deviation.includes(0) ? undefined : { channelOrder: order, mean, deviation };
}

function numbersIn(text: string | undefined): readonly number[] | undefined {
  const numbers = text?.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return numbers === undefined || numbers.length > largestChannels || !numbers.every(Number.isFinite) ? undefined : numbers;
}

/** The offset and factor of one channel: `value = pixel * factor + offset`. */
export function channelScale({ mean, deviation }: Preprocessing, channel: number): { readonly factor: number; readonly offset: number } {
  const at = (values: readonly number[], missing: number): number => values[channel] ?? values.at(-1) ?? missing;
  const factor = 1 / at(deviation, 1);
  return { factor, offset: -at(mean, 0) * factor };
}
