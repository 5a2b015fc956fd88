import type { CompareReport } from './compare-report';
import type { NamedFigure } from './thresholds';

/** What an earlier report says that a later one can be held against. */
export interface KeptMeasurement {
  readonly metric: string;
  readonly input: { readonly height: number; readonly width: number };
  /** Mean equivariance of each layer by its label; null where it had none. */
  readonly means: ReadonlyMap<string, number | null>;
  /** Share of pairs that agreed; null where no images were classified. */
  readonly consistency: number | null;
}

/** A layer, or the consistency, that a model had better before. */
export interface LostEquivariance {
  readonly label: string;
  readonly before: number;
  /** Null where the model has no such layer any more. */
  readonly now: number | null;
}

/** Reads what `compare --json` or `measure --json` printed. @returns undefined where it is neither */
export function parseKeptMeasurement(text: string): KeptMeasurement | undefined {
  try {
    return keptMeasurement(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function keptMeasurement(value: unknown): KeptMeasurement | undefined {
  if (!isRecord(value) || !isRecord(value['input']) || !Array.isArray(value['layers'])) return undefined;
  const { metric, input, layers, variants } = value;
  const [height, width] = [input['height'], input['width']];
  if (typeof metric !== 'string' || typeof height !== 'number' || typeof width !== 'number') return undefined;
  const original: unknown = Array.isArray(variants) ? variants[0] : undefined;
  const ofVariant = isRecord(original) && Array.isArray(original['means']) ? original['means'] : undefined;
  const means = layers.map((layer: unknown, index): readonly [string, number | null] | undefined => {
    if (!isRecord(layer) || typeof layer['label'] !== 'string') return undefined;
    const mean: unknown = ofVariant === undefined ? layer['mean'] : ofVariant[index];
    return typeof mean === 'number' || mean === null ? [layer['label'], mean] : undefined;
  });
  if (!means.every((one) => one !== undefined)) return undefined;
  return { metric, input: { height, width }, means: new Map(means), consistency: isRecord(original) ? consistencyIn(original) : null };
}

function consistencyIn({ consistency }: Readonly<Record<string, unknown>>): number | null {
  const share = isRecord(consistency) ? consistency['consistency'] : undefined;
  return isRecord(share) && typeof share['value'] === 'number' ? share['value'] : null;
}

/** The model as it is in a comparison, as a measurement to hold against another. */
export function measurementOf({ metric, input, layers, variants }: CompareReport): KeptMeasurement {
  const [original] = variants;
  return {
    metric,
    input,
    means: new Map(layers.map(({ label }, index) => [label, original?.means[index] ?? null])),
    consistency: original?.consistency?.consistency?.value ?? null,
  };
}

/**
 * What a model has lost since an earlier measurement.
 *
 * @param tolerance how much less does not count, from 0 to 1
 * @returns a sentence where the two cannot be held against each other
 */
export function lostEquivariance(before: KeptMeasurement, now: KeptMeasurement, tolerance: number): readonly LostEquivariance[] | string {
  const form = ({ metric, input }: KeptMeasurement): string => `${input.height}x${input.width} pixels by the metric "${metric}"`;
  if (form(before) !== form(now)) return `It was measured with ${form(before)}, and this model with ${form(now)}.`;
  const layers = [...before.means].map(([label, mean]) => ({ label, before: mean, now: now.means.get(label) ?? null }));
  const all = [
    ...layers,
    ...(now.consistency === null ? [] : [{ label: 'consistency', before: before.consistency, now: now.consistency }]),
  ];
  return all.flatMap(({ label, before: was, now: is }) =>
    was !== null && (is === null || is < was - tolerance) ? [{ label, before: was, now: is }] : [],
  );
}

/** The figures of layers, as thresholds name them. */
export function layerFigures(
  layers: readonly { readonly label: string; readonly node: string; readonly tensor: string; readonly mean: number }[],
): readonly NamedFigure[] {
  return layers.map(({ label, node, tensor, mean }) => ({
    names: [label, node, tensor],
    label: `Mean equivariance of ${label}`,
    value: mean,
  }));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
