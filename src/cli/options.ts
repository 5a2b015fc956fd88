import { parseImageSize } from '../core/graph/image-size';
import type { AxisPair } from '../core/graph/model-graph';
import type { Metric } from '../core/equivariance/measure/measurement';
import { parsePreprocessing, preprocessingNames, type WantedPreprocessing } from '../core/input/preprocessing';
import { decodeNpy } from '../core/report/npy';
import { isBlurFilterName, type BlurFilterName } from '../core/rewrite/filters';
import type { Protocol } from '../engine/protocol/classifying';
import type { InputSpec } from '../engine/protocol/payload';
import { UsageError, wholeNumber, type ParsedWords } from './command';
import { readRegularFile } from '../engine/input/regular-file';

const defaultPairs = 10;

/** `--metric`, flat by default. @throws UsageError */
export function metricOf(parsed: ParsedWords): Metric {
  const metric = parsed.text('metric') ?? 'flat';
  if (metric === 'flat' || metric === 'channel') return metric;
  throw new UsageError(`--metric takes flat or channel, not "${metric}".`);
}

/** `--protocol`; undefined leaves the choice to the command. @throws UsageError */
export function protocolOf(parsed: ParsedWords): Protocol | undefined {
  const protocol = parsed.text('protocol');
  if (protocol === undefined || protocol === 'circular' || protocol === 'deployed') return protocol;
  throw new UsageError(`--protocol takes circular or deployed, not "${protocol}".`);
}

/** `--preprocessing`; undefined leaves it to a guess. @throws UsageError */
export function preprocessingOf(parsed: ParsedWords): WantedPreprocessing | undefined {
  const text = parsed.text('preprocessing');
  const wanted = text === undefined ? undefined : parsePreprocessing(text);
  if (text === undefined || wanted !== undefined) return wanted;
  throw new UsageError(`--preprocessing takes ${preprocessingNames.join(', ')}, or numbers as rgb:MEAN,…:DEVIATION,…, not "${text}".`);
}

/** `--size`, for models that leave it open. @throws UsageError */
export function sizeOf(parsed: ParsedWords): AxisPair | undefined {
  const text = parsed.text('size');
  if (text === undefined) return undefined;
  const size = parseImageSize(text);
  if (size === undefined) throw new UsageError(`--size takes HEIGHTxWIDTH in pixels, such as 224x224, not "${text}".`);
  return size;
}

/** A filter by its name. @throws UsageError */
export function filterNamed(name: string): BlurFilterName {
  if (isBlurFilterName(name)) return name;
  throw new UsageError(`There is no filter "${name}".`);
}

/** `--pairs` per image and their `--seed`. @throws UsageError */
export function pairsOf(parsed: ParsedWords): { readonly pairs: number; readonly seed: number } {
  return { pairs: wholeNumber(parsed, 'pairs', defaultPairs, 1), seed: wholeNumber(parsed, 'seed', 0, 0) };
}

/** The input that `--input` names, else the test pattern. @throws ModelError */
export async function inputOf(parsed: ParsedWords): Promise<InputSpec> {
  const file = parsed.text('input');
  if (file === undefined) return { kind: 'pattern' };
  const bytes = await readRegularFile(file);
  return file.endsWith('.npy') ? { kind: 'tensor', ...decodeNpy(bytes, file) } : { kind: 'image', path: file, bytes };
}
