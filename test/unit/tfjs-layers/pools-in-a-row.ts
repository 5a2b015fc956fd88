/** What a layers-model of pools is to be like. */
interface PoolsOptions {
  /** Of its image; null where the model leaves it open. */
  readonly side: number | null;
  /** Bytes that it is made as large as by metadata, about. */
  readonly size?: number;
  /** Spaces of a level; undefined for a text of one line. */
  readonly indent?: number | undefined;
}

/** A layers-model without weights: pools one after another, a finding each. */
export function poolsInARow(count: number, { side, size = 0, indent }: PoolsOptions): string {
  const layers = Array.from({ length: count }, (_, index) => ({
    class_name: 'MaxPooling2D',
    config: {
      name: `pool${index}`,
      pool_size: [2, 2],
      strides: [2, 2],
      padding: 'same',
      ...(index === 0 && { batch_input_shape: [null, side, side, 3] }),
    },
  }));
  const modelTopology = { model_config: { class_name: 'Sequential', config: { name: 'net', layers } } };
  const model = { format: 'layers-model', modelTopology, weightsManifest: [] };
  const short = JSON.stringify(model, null, indent);
  const note = 'x'.repeat(1000);
  const notes = Array.from({ length: Math.max(0, Math.floor((size - short.length) / 1010)) }, () => note);
  return notes.length === 0 ? short : JSON.stringify({ ...model, userDefinedMetadata: { notes } }, null, indent);
}
