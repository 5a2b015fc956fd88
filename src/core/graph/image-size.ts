import { t } from '@vscode/l10n';
import type { AxisPair, ModelGraph } from './model-graph';
import { spatialShape } from './sampling';

/**
 * The image size that a graph was read for where its file leaves it open; null where the file leaves nothing open or nobody has chosen,
 * so that the graph is that of all sizes.
 */
export function chosenSize(graph: ModelGraph): AxisPair | null {
  const chosen = graph.inputs.find((tensor) => graph.tensors.get(tensor)?.declared !== undefined);
  if (chosen === undefined) return null;
  const [width, height = 1] = [...(spatialShape(graph, chosen)?.size ?? [])].reverse();
  return typeof width === 'number' && height !== null ? [height, width] : null;
}

/** A size as people write it, `HEIGHTxWIDTH` or one number for both; undefined for anything else. */
export function parseImageSize(text: string): AxisPair | undefined {
  const match = /^([1-9]\d{0,4})(?:\s*[x×]\s*([1-9]\d{0,4}))?$/i.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2] ?? match[1])];
}

/** A size for people: `224 x 320`. */
export function imageSizeText(size: AxisPair): string {
  return size.join(' x ');
}

/** What is of a size; what has one row is a signal. */
export function imagesOfSize([height, width]: AxisPair): string {
  return height === 1 ? t`signals of ${width} samples` : t`images of ${imageSizeText([height, width])} pixels`;
}

/** Said of a model whose findings and fixes hold for a chosen size alone. */
export function judgedForText(size: AxisPair): string {
  return t`The model leaves its image size open; its findings and fixes are for ${imagesOfSize(size)}.`;
}
