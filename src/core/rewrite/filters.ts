/** A one-dimensional normalised low-pass filter; the two-dimensional blur is its outer product with itself. */
export interface BlurFilter {
  /** As typed on the command line: `tri-3`. Filters that are only fitted to wide strides are named alike: `bin-9`. */
  readonly name: BlurFilterName | `bin-${number}`;
  /** As shown to people: `Tri-3`. */
  readonly label: string;
  /** Non-negative, sum 1. */
  readonly taps: readonly number[];
}

/** Row n of Pascal's triangle divided by 2^n: the binomial filters of Zhang 2019, section 4 (n + 1 taps). */
function binomial(n: number): readonly number[] {
  let row = [1];
  for (let i = 0; i < n; i++) row = [...row, 0].map((value, index) => value + (row[index - 1] ?? 0));
  return row.map((value) => value / 2 ** n);
}

/**
 * Every filter, in the order in which they are offered; a new one is its line here. `identity` is [1], which only proves that a
 * rewrite keeps its alignment.
 */
const filters = [
  { name: 'identity', label: 'identity', taps: binomial(0) },
  { name: 'rect-2', label: 'Rect-2', taps: binomial(1) },
  { name: 'tri-3', label: 'Tri-3', taps: binomial(2) },
  { name: 'bin-4', label: 'Bin-4', taps: binomial(3) },
  { name: 'bin-5', label: 'Bin-5', taps: binomial(4) },
  { name: 'bin-6', label: 'Bin-6', taps: binomial(5) },
  { name: 'bin-7', label: 'Bin-7', taps: binomial(6) },
] as const satisfies readonly (Omit<BlurFilter, 'name'> & { readonly name: string })[];

export type BlurFilterName = (typeof filters)[number]['name'];
export const blurFilterNames: readonly BlurFilterName[] = filters.map(({ name }) => name);

/** A filter that is offered by name. */
export interface OfferedFilter extends BlurFilter {
  readonly name: BlurFilterName;
}

const filterOf: ReadonlyMap<BlurFilterName, OfferedFilter> = new Map(filters.map((filter) => [filter.name, filter]));

/** The filter of that name. */
export function blurFilter(name: BlurFilterName): OfferedFilter {
  return filterOf.get(name) ?? filters[0];
}

/** The binomial filter with that many taps among those that are offered; undefined where none is so long. */
export function binomialFilter(length: number): OfferedFilter | undefined {
  const taps = binomial(length - 1);
  return filters.find((filter) => filter.taps.length === length && filter.taps.every((tap, index) => tap === taps[index]));
}

/** The binomial filter with that many taps, however many. */
export function binomialOfLength(length: number): BlurFilter {
  return binomialFilter(length) ?? { name: `bin-${length}`, label: `Bin-${length}`, taps: binomial(length - 1) };
}

/** The taps of the widest binomial filter that is offered. */
export const widestBinomial = Math.max(...filters.map(({ taps }) => taps.length).filter((length) => binomialFilter(length) !== undefined));

/** Narrows user input to a filter name. */
export function isBlurFilterName(text: string): text is BlurFilterName {
  return (blurFilterNames as readonly string[]).includes(text);
}

/** Padding that keeps a filter of `length` taps centred: floor((n - 1) / 2) before, ceil((n - 1) / 2) after. */
export function centredPadding(length: number): { readonly before: number; readonly after: number } {
  return { before: Math.floor((length - 1) / 2), after: Math.ceil((length - 1) / 2) };
}

/** A depthwise kernel over the window's axes, row-major. */
export interface BlurKernel {
  /** One entry per axis: the filter's length where the blur subsamples, 1 along an axis of stride 1. */
  readonly shape: readonly number[];
  /** Sum 1. */
  readonly values: readonly number[];
}

/**
 * Outer product of the filter with itself over the axes it subsamples; along axes of stride 1 it is a box of `boxes` samples,
 * 1 where absent: a blur that takes an average-pool's place keeps averaging there.
 */
export function blurKernel(filter: BlurFilter, stride: readonly number[], boxes: readonly number[] = []): BlurKernel {
  const tapsPerAxis = stride.map((step, axis) => (step > 1 ? filter.taps : box(boxes[axis] ?? 1)));
  const values = tapsPerAxis.reduce<readonly number[]>((kernel, taps) => kernel.flatMap((weight) => taps.map((tap) => weight * tap)), [1]);
  return { shape: tapsPerAxis.map((taps) => taps.length), values };
}

/** How many values that kernel has, without making it: a window may be of any size. */
export function kernelSize(filter: BlurFilter, stride: readonly number[], boxes: readonly number[] = []): number {
  return stride.reduce((size, step, axis) => size * (step > 1 ? filter.taps.length : (boxes[axis] ?? 1)), 1);
}

function box(length: number): readonly number[] {
  return Array.from({ length }, () => 1 / length);
}
