import { isBlurFilterName } from '../rewrite/filters';
import type { DenseStep } from '../rules/rule';
import type { Downsampling } from './downsampling';

/** A layer as the Explain page shows it, and where it comes from. */
export interface ExplainedLayer extends Downsampling {
  /** The rule that names it; null where the page was opened for none. */
  readonly rule: string | null;
  /** The layer's name or call; empty where there is none. */
  readonly label: string;
}

/** The largest kernel and stride that are drawn. */
export const largestShown = 8;

/** The example of Zhang 2019, section 3.1: a max-pool of kernel 2 and stride 2. */
export const textbookLayer: ExplainedLayer = { step: 'maximum', kernel: 2, stride: 2, filter: 'identity', rule: null, label: '' };

/** 0 0 1 1 0 0 1 1, or as much more of it as a stride needs for at least two samples to be kept. */
export function textbookSignal(stride: number): readonly number[] {
  const length = stride * Math.max(2, Math.ceil(8 / stride));
  return Array.from({ length }, (_, place) => (place % 4 < 2 ? 0 : 1));
}

/** The layer as far as it can be drawn. */
export function drawable(layer: ExplainedLayer): ExplainedLayer {
  return { ...layer, kernel: Math.min(largestShown, layer.kernel), stride: Math.min(largestShown, layer.stride) };
}

const steps: Readonly<Record<DenseStep, true>> = { maximum: true, average: true, convolution: true, nothing: true };

/** What a link, a page or an earlier window says of a layer, looked at: undefined for anything but an explained layer. */
export function readExplainedLayer(value: unknown): ExplainedLayer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { step, kernel, stride, filter, rule, label } = value as Readonly<Record<keyof ExplainedLayer, unknown>>;
  if (!isStep(step) || !isSize(kernel) || !isSize(stride)) return undefined;
  if (typeof filter !== 'string' || !isBlurFilterName(filter) || typeof label !== 'string') return undefined;
  return { step, kernel, stride, filter, label, rule: typeof rule === 'string' ? rule : null };
}

function isStep(value: unknown): value is DenseStep {
  return typeof value === 'string' && Object.hasOwn(steps, value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
