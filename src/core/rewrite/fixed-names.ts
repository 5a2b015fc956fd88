/** Ends the names that ONNX and graph-models give to a blur; free ones may add to it. */
export const blurEnding = '/shiftlint_blur';

/** Ends the name that a node of a graph-model has once a blur behind it has taken its own. */
export const denseEnding = '/shiftlint_dense';

/** The name that a layer had before fixes; its own where no fix has given it another. */
export function nameBeforeFixes(name: string): string {
  const place = name.lastIndexOf(denseEnding);
  return place <= 0 || name.includes('/', place + 1) ? name : name.slice(0, place);
}
