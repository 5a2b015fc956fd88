/** A one-dimensional normalised low-pass filter; the two-dimensional blur is its outer product with itself. */
export interface BlurFilter {
  /** As typed on the command line: `tri-3`. */
  readonly name: BlurFilterName;
  /** As shown to people: `Tri-3`. */
  readonly label: string;
  /** Non-negative, sum 1, length 1 to 7. */
  readonly taps: readonly number[];
}

export const blurFilterNames = ['identity', 'rect-2', 'tri-3', 'bin-4', 'bin-5', 'bin-6', 'bin-7'] as const;
export type BlurFilterName = (typeof blurFilterNames)[number];

const labels: Readonly<Record<BlurFilterName, string>> = {
  identity: 'identity',
  'rect-2': 'Rect-2',
  'tri-3': 'Tri-3',
  'bin-4': 'Bin-4',
  'bin-5': 'Bin-5',
  'bin-6': 'Bin-6',
  'bin-7': 'Bin-7',
};

/** Row n of Pascal's triangle divided by 2^n: the binomial filters of Zhang 2019, section 4 (n + 1 taps). */
function binomial(n: number): number[] {
  let row = [1];
  for (let i = 0; i < n; i++) row = [...row, 0].map((value, index) => value + (row[index - 1] ?? 0));
  return row.map((value) => value / 2 ** n);
}

/** The filter of that name; `identity` is [1], which only proves that a rewrite keeps its alignment. */
export function blurFilter(name: BlurFilterName): BlurFilter {
  return { name, label: labels[name], taps: binomial(blurFilterNames.indexOf(name)) };
}

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

function box(length: number): readonly number[] {
  return Array.from({ length }, () => 1 / length);
}
