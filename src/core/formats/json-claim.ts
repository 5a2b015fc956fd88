/** Characters of a JSON file in which one of the keys of a model stands, since what comes before them is short. */
export const jsonHeadLength = 1 << 16;

const modelKey = /"(?:modelTopology|weightsManifest|graph-model)"/;

/** Whether a JSON file may be a model, by its beginning alone: cheap enough to ask of every file that somebody opens. */
export function mayHoldModel(head: string): boolean {
  return modelKey.test(head);
}
