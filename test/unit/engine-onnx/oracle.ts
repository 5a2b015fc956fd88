import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeNpy, type NpyArray } from '../../../src/core/report/npy';
import type { ModelPayload } from '../../../src/engine/protocol/payload';

/** Expected numbers of an independent PyTorch reference; test/fixtures/oracle/MANIFEST.md gives the definitions. */
export const oracleFolder = fileURLToPath(new URL('../../fixtures/oracle/', import.meta.url));

/** An array of the oracle, for example `vgg_like.heatmaps.npy`. */
export function oracleArray(name: string): NpyArray {
  return decodeNpy(readFileSync(oracleFolder + name), name);
}

/** A model of the oracle as the engine receives it. */
export function oracleModel(name: string): ModelPayload {
  return { path: name, bytes: readFileSync(oracleFolder + name), folder: oracleFolder, overlay: {} };
}

/** Largest absolute difference of two arrays of equal length. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} numbers instead of ${expected.length}`);
  return actual.reduce((worst, value, index) => Math.max(worst, Math.abs(value - expected[index]!)), 0);
}
