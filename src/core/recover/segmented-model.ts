import type { CircularModel, TensorBatch } from '../equivariance/walk/circular-model';
import type { ModelGraph } from '../graph/model-graph';
import type { Tensors } from './tensor-store';

/** A model, cut so that part i gives what the steps of stage i read, and a last part its answer. */
export interface SegmentedModel {
  readonly graph: ModelGraph;
  /** For each part, the tensors that it is fed. */
  readonly feeds: readonly (readonly string[])[];
  /** What is wanted of each part at once. */
  readonly cuts: readonly (readonly string[])[];
  /** The tensor that is the model's answer: what the last part gives. */
  readonly answer: string;
  /** The images of a sample as the model takes them. @param image batch of images */
  inputs(image: TensorBatch): Tensors;
}

/**
 * Runs one part of a model.
 *
 * @param live tensors that are known so far
 * @returns what is wanted of the part, and what later parts read
 */
export async function runPart(
  { feeds, cuts }: Pick<SegmentedModel, 'feeds' | 'cuts'>,
  model: CircularModel,
  live: Tensors,
  part: number,
): Promise<Tensors> {
  const given = new Map((feeds[part] ?? []).flatMap((tensor) => [...live].filter(([name]) => name === tensor)));
  const fetched = given.size === 0 ? new Map<string, TensorBatch>() : await model.runLevel(part, given);
  const needed = new Set([...(cuts[part] ?? []), ...feeds.slice(part + 1).flat(), ...cuts.slice(part + 1).flat()]);
  return new Map([...live, ...fetched].filter(([tensor]) => needed.has(tensor)));
}
