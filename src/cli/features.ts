import type { ChannelRange } from '../core/equivariance/measure/feature-maps';
import type { AxisPair } from '../core/graph/model-graph';
import { featuresReport, type FeaturesReport } from '../core/report/features-report';
import { parseWords, UsageError, type Command } from './command';
import { memoryBudgetBytes, showingProgress, startEngine } from './engine';
import { withModel } from './model-file';
import { inputOf, metricOf, preprocessingOf } from './options';
import { imageSizeFor } from './project-config-file';
import { printJson, printLines } from './print';

const defaultChannels: ChannelRange = { first: 0, count: 64 };

/** `shiftlint features`: what a value of a heatmap compares, to look at. */
export const featuresCommand: Command = {
  name: 'features',
  runsModels: true,
  usage:
    'features FILE LAYER --at DOWN,RIGHT --maps DIR [--force] [--channels FIRST-LAST] [--input IMAGE|TENSOR.npy] [--metric flat|channel] [--preprocessing NAME] [--size HxW] [--json]',
  summary:
    'Writes the feature maps of a layer, named as measure names it, for the image as it is and for the image shifted by that many pixels (circularly).',
  async run(words) {
    const parsed = parseWords(words, {
      json: { type: 'boolean' },
      at: { type: 'string' },
      maps: { type: 'string' },
      force: { type: 'boolean' },
      channels: { type: 'string' },
      input: { type: 'string' },
      metric: { type: 'string' },
      preprocessing: { type: 'string' },
      size: { type: 'string' },
    });
    const [file, layer, ...others] = parsed.positionals;
    if (file === undefined || layer === undefined || others.length > 0) throw new UsageError('Name a model file and one of its layers.');
    const shift = shiftOf(parsed.text('at'));
    const maps = parsed.text('maps');
    if (maps === undefined) throw new UsageError('Name the folder to write to with --maps.');
    const channels = channelsOf(parsed.text('channels'));
    const preprocessing = preprocessingOf(parsed);
    const size = await imageSizeFor(file, parsed);
    const options = {
      metric: metricOf(parsed),
      memoryBudgetBytes,
      layer,
      shift,
      channels,
      ...(preprocessing && { preprocessing }),
      ...(size && { size }),
    };
    const model = await withModel(file, (opened) => opened.payload());
    const input = await inputOf(parsed);
    const client = startEngine();
    try {
      const features = await showingProgress('running', (onProgress) => client.call('features', { model, input, options }, { onProgress }));
      const files = await client.call('write-maps', { folder: maps, maps: features.maps, mayReplace: parsed.flag('force') });
      const report = featuresReport(model.path, features.backend, features.maps, features.notes, files);
      if (parsed.flag('json')) printJson(report);
      else printText(report);
      return 0;
    } finally {
      client.dispose();
    }
  },
};

function shiftOf(text: string | undefined): AxisPair {
  const match = /^(-?\d{1,5}),(-?\d{1,5})$/.exec(text ?? '');
  if (match === null) throw new UsageError(`--at takes a shift as DOWN,RIGHT in pixels, such as 1,0, not "${text ?? ''}".`);
  return [Number(match[1]), Number(match[2])];
}

function channelsOf(text: string | undefined): ChannelRange {
  if (text === undefined) return defaultChannels;
  const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(text);
  const [first, last] = [Number(match?.[1] ?? Number.NaN), Number(match?.[2] ?? match?.[1] ?? Number.NaN)];
  if (!(first <= last)) throw new UsageError(`--channels takes FIRST-LAST, counted from 0, such as 64-127, not "${text}".`);
  return { first, count: last - first + 1 };
}

function printText({ model, backend, metric, input, layer, shift, equivariance, channels, maps, notes, files }: FeaturesReport): void {
  const last = channels.first + channels.count - 1;
  const lines = [
    `${model}: ${backend}, circular protocol, ${input.height}x${input.width}, metric ${metric}`,
    ...notes.map((note) => `note: ${note}`),
    `${layer.label} at ${shift[0]} px down, ${shift[1]} px right: ${equivariance?.toFixed(4) ?? 'no signal, both maps are zero'}`,
    `channels ${channels.first} to ${last} of ${layer.shape[0]} in ${maps.original} and ${maps.shifted}, with pictures`,
    ...files.map((file) => `wrote ${file}`),
  ];
  printLines(lines);
}
