import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expandTile, type Heatmap } from '../../../src/core/equivariance/measure/measurement';
import type { Patch } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import { applyEdits } from '../../../src/core/formats/text-edits';
import { decodeNpy } from '../../../src/core/report/npy';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { planFix } from '../../../src/core/rewrite/planner';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { patchedBytes } from '../onnx/models';
import { answer } from './serving';

const folder = fileURLToPath(new URL('../../fixtures/textbook/', import.meta.url));

function payloadOf(file: string): ModelPayload {
  return { path: file, bytes: readFileSync(folder + file), folder, overlay: {} };
}

/** The model after the Tri-3 fix of its pool, nothing written. */
async function fixed(model: ModelPayload): Promise<ModelPayload> {
  const opened = await openModel(payloadSource(model));
  const planned = planFix(opened, 'pool', blurFilter('tri-3'));
  if (!planned.ok) throw new Error(planned.reason);
  const patch = await opened.patch([planned.plan]);
  expect(patch.outcomes.map(({ ok }) => ok)).toEqual([true]);
  return { ...model, ...(await patched(model, patch)) };
}

async function patched(model: ModelPayload, patch: Patch): Promise<Pick<ModelPayload, 'bytes' | 'overlay'>> {
  if (patch.kind === 'binary') return { bytes: await patchedBytes(model.bytes, patch), overlay: {} };
  const text = applyEdits(new TextDecoder().decode(model.bytes), patch.edits);
  return {
    bytes: new TextEncoder().encode(text),
    overlay: Object.fromEntries(patch.newFiles.map(({ relativePath, bytes }) => [relativePath, bytes])),
  };
}

async function lastHeatmap(model: ModelPayload, input: string): Promise<Heatmap> {
  const { shape, data } = decodeNpy(readFileSync(folder + input), input);
  const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28 } as const;
  const { measurement } = await answer('measure', { model, input: { kind: 'tensor', shape, data }, options });
  return measurement.heatmaps.at(-1)!;
}

describe.each([
  { runtime: 'ONNX Runtime', file: 'max-pool.onnx', input: 'signal-nchw.npy' },
  { runtime: 'TensorFlow.js', file: 'max-pool-tfjs/model.json', input: 'signal-nhwc.npy' },
])('the textbook signal 0 0 1 1 0 0 1 1 in $runtime', ({ file, input }) => {
  const rounded = ({ layer, tile }: Heatmap): number[] =>
    [...expandTile(tile, layer.period, [1, 8])].slice(0, 3).map((value) => Number(value.toFixed(4)));

  test('MaxPool gives 0.7071 at shift 1 and 1 at shift 2', async () => {
    expect(rounded(await lastHeatmap(payloadOf(file), input))).toEqual([1, 0.7071, 1]);
  });

  test('after the Tri-3 fix it gives 0.9487', async () => {
    expect(rounded(await lastHeatmap(await fixed(payloadOf(file)), input))).toEqual([1, 0.9487, 1]);
  });
});
