import { t } from '@vscode/l10n';
import { indexGraph } from '../../graph/dataflow';
import type { Dimension, Layout, ModelGraph } from '../../graph/model-graph';
import { hasOtherLayout, spatialPart, spatialShape } from '../../graph/sampling';
import { ModelError } from '../../model-error';
import type { TensorBatch } from '../walk/circular-model';
import type { HeldInput, PlannedInput } from './measure-plan';
import type { ImageInput } from '../contracts';

/**
 * What a model takes: its images, which all move together, and what is no image and is held.
 * @throws ModelError `unsupported` where it takes no image, or images of different sizes
 */
export function imageInput(graph: ModelGraph): Omit<PlannedInput, 'size'> {
  const tensors = graph.inputs.filter((tensor) => isImage(graph, tensor));
  const [first, ...others] = tensors;
  if (first === undefined) throw takesNoImage(graph);
  const declaredSize = sizeOf(graph, first);
  for (const tensor of others) {
    const size = sizeOf(graph, tensor);
    if (size.every((length, axis) => length === declaredSize[axis])) continue;
    const [one = '', other = ''] = [declaredSize, size].map((lengths) => lengths.map((length) => length ?? '?').join(' x '));
    throw new ModelError(
      'unsupported',
      t`The inputs "${first}" (${one}) and "${tensor}" (${other}) are images of different sizes, so there is no one shift that moves both alike: heatmaps are measured for images of one size.`,
    );
  }
  const images = tensors.map((tensor) => ({ tensor, channels: channelsOf(graph, tensor) }));
  return {
    images,
    held: graph.inputs.filter((tensor) => !tensors.includes(tensor)).map((tensor) => heldInput(graph, tensor)),
    isSignal: graph.ofSignals === true,
    declaredSize,
  };
}

/** What is said of inputs beside a single image, as full sentences. */
export function inputNotes({ images, held }: Pick<PlannedInput, 'images' | 'held'>): readonly string[] {
  const names = images.map(({ tensor }) => `"${tensor}"`).join(', ');
  return [
    ...(images.length === 1
      ? []
      : [t`The images ${names} move together. Each is given the same picture; a tensor holds their channels one behind the other.`]),
    ...held.map(({ tensor, dims }) => t`The input "${tensor}" of shape [${dims.join(', ')}] is no image: it is held at zeros.`),
  ];
}

/** Channels of all images, as a tensor holds them one behind the other. */
export function channelCount(images: readonly Pick<ImageInput, 'channels'>[]): number {
  return images.reduce((sum, { channels }) => sum + channels, 0);
}

/** Names of everything that a model is fed. */
export function inputTensors({ images, held }: Pick<PlannedInput, 'images' | 'held'>): readonly string[] {
  return [...images, ...held].map(({ tensor }) => tensor);
}

/**
 * What a model is fed, by name.
 * @param batch the images in the model's layout, their channels one behind the other; any number of them
 */
export function feedsOf(
  { images, held }: Pick<PlannedInput, 'images' | 'held'>,
  batch: TensorBatch,
  layout: Layout,
): ReadonlyMap<string, TensorBatch> {
  const [count = 1] = batch.dims;
  const zeros = held.map(({ tensor, dims: [, ...shape] }) => [tensor, zerosOf([count, ...shape])] as const);
  const [only, ...others] = images;
  if (only !== undefined && others.length === 0) return new Map([[only.tensor, batch], ...zeros]);
  let first = 0;
  const parts = images.map(({ tensor, channels }) => {
    const part = channelRange(batch, layout, first, channels);
    first += channels;
    return [tensor, part] as const;
  });
  return new Map([...parts, ...zeros]);
}

function zerosOf(dims: readonly number[]): TensorBatch {
  return { data: new Float32Array(dims.reduce((product, length) => product * length, 1)), dims };
}

/** Some of a batch's channels. In both layouts a channel is `step` adjacent numbers of a row: a whole plane, or one of a pixel. */
function channelRange({ data, dims }: TensorBatch, layout: Layout, first: number, channels: number): TensorBatch {
  const axis = layout === 'channels-first' ? 1 : dims.length - 1;
  const step = dims.slice(axis + 1).reduce((product, length) => product * length, 1);
  const rowLength = (dims[axis] ?? 1) * step;
  const rows = data.length / rowLength;
  const part = new Float32Array(rows * channels * step);
  for (let row = 0; row < rows; row++) {
    const start = row * rowLength + first * step;
    part.set(data.subarray(start, start + channels * step), row * channels * step);
  }
  return { data: part, dims: dims.with(axis, channels) };
}

/**
 * Whether an input is an image: a map of more than one position, which would else be a vector. Its layout is the graph's own; in another,
 * which a transpose turns round, its channels are not where the planner looks for them.
 */
function isImage(graph: ModelGraph, tensor: string): boolean {
  const size = spatialShape(graph, tensor)?.size;
  return !hasOtherLayout(graph, tensor) && size?.length === 2 && size.some((length) => length !== 1);
}

/** As the file declares it. */
function sizeOf(graph: ModelGraph, tensor: string): readonly [Dimension, Dimension] {
  const { declared } = graph.tensors.get(tensor) ?? {};
  const [height = null, width = null] = (declared ? spatialPart(graph, tensor, declared) : spatialShape(graph, tensor))?.size ?? [];
  return [height, width];
}

function channelsOf(graph: ModelGraph, tensor: string): ImageInput['channels'] {
  const declared = spatialShape(graph, tensor)?.channels ?? undefined;
  const channels = declared ?? readerChannels(graph, tensor);
  if (channels !== undefined) return channels;
  throw new ModelError('unsupported', t`The input "${tensor}" leaves its number of channels open; export the model with a fixed number.`);
}

function readerChannels(graph: ModelGraph, tensor: string): number | undefined {
  for (const { operation } of indexGraph(graph).flow.readers(tensor)) {
    if (operation.kind === 'convolution' && operation.inChannels !== null) return operation.inChannels;
  }
  return undefined;
}

function heldInput(graph: ModelGraph, tensor: string): HeldInput {
  const [batch, ...shape] = graph.tensors.get(tensor)?.shape ?? [];
  if (batch !== undefined) return { tensor, dims: [1, ...shape.map((length) => length ?? 1)] };
  throw new ModelError(
    'unsupported',
    graph.tensors.get(tensor)?.shape === undefined
      ? t`The input "${tensor}" is no image and the model does not tell its shape, so it cannot be held while images are shifted: export the model without it.`
      : t`The input "${tensor}" is no image and has no batch axis, so it cannot be held while images are shifted: export the model without it.`,
  );
}

function takesNoImage(graph: ModelGraph): ModelError {
  const [tensor = ''] = graph.inputs;
  if (graph.inputs.length === 0)
    return new ModelError('unsupported', t('The model has no inputs, but heatmaps are measured for models that take an image.'));
  const known = graph.tensors.get(tensor);
  if (hasOtherLayout(graph, tensor)) {
    return new ModelError(
      'unsupported',
      graph.layout === 'channels-first'
        ? t`The input "${tensor}" has its channels last, and before a transpose moves them, the model treats its positions unlike each other, as by a mean image, so it cannot be described with its channels first: export it with its channels first.`
        : t`The input "${tensor}" has its channels first, and before a transpose moves them, the model treats its positions unlike each other, as by a mean image, so it cannot be described with its channels last: export it with its channels last.`,
    );
  }
  const shape = known?.shape?.map((length) => length ?? '?').join(', ') ?? t('unknown');
  return new ModelError(
    'unsupported',
    t`The input "${tensor}" has shape [${shape}], but heatmaps are measured for images with batch, channels, height and width, and for signals with batch, channels and length.`,
  );
}
