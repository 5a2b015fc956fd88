import type { io } from '@tensorflow/tfjs';
import type { LevelGraph } from '../../../core/formats/tfjs-graph/level/write-level';
import { weightBytes } from '../../../core/formats/tfjs/blur-shard';
import { parseManifest } from '../../../core/formats/tfjs/manifest';

/** A level's graph with its part of the model's weights, packed as they are in the file, and its own constants. */
export function levelArtifacts(whole: io.ModelArtifacts, { nodes, weights, constants }: LevelGraph): io.ModelArtifacts {
  const bytes = whole.weightData instanceof ArrayBuffer ? new Uint8Array(whole.weightData) : new Uint8Array();
  const specs = whole.weightSpecs ?? [];
  const [group] = parseManifest([{ paths: [], weights: specs as never }], 'the model');
  const places = new Map((group?.weights ?? []).map((entry, index) => [entry.name, { entry, spec: specs[index] }]));
  const used = weights.flatMap((name) => places.get(name) ?? []);
  const parts = [...used.map(({ entry }) => bytes.subarray(entry.byteOffset, entry.byteOffset + entry.byteLength)), weightBytes(constants)];
  const weightData = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    weightData.set(part, position);
    position += part.length;
  }
  return {
    modelTopology: { node: nodes, library: {}, versions: {} },
    weightSpecs: [
      ...used.flatMap(({ spec }) => spec ?? []),
      ...constants.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype })),
    ],
    weightData: weightData.buffer,
  };
}
