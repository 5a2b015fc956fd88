import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { planMeasurement } from '../src/core/equivariance/plan/plan';
import { inMemory } from '../src/core/formats/byte-source';
import { openModel } from '../src/core/formats/registry';
import { EngineClient } from '../src/engine/host/client';
import type { CallProgress } from '../src/engine/protocol/calls';
import type { ModelPayload } from '../src/engine/protocol/payload';
import { placedSource } from '../src/engine/input/source';
import { timeBruteForce, timeInference } from './brute-force';
import { peakMemory, report } from './figures';
import { resnet50, vgg16 } from './networks';

/** All 50,176 shifts of ResNet-50 in the engine process as the editor starts it: time, memory, and the first heatmap. */
const memoryBudgetBytes = 1 << 30;
const batch = 4;

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-bench-'));
  const client = new EngineClient({ modulePath: path.join(process.cwd(), 'dist/engine.js') });
  try {
    const network = resnet50(224);
    const { bytes, side } = network;
    const payload: ModelPayload = { path: 'model.onnx', bytes, folder, overlay: {} };
    const source = placedSource(payload, inMemory(bytes));
    const { graph } = await openModel(source);
    writeFileSync(path.join(folder, 'model.onnx'), bytes);
    const perShift = await timeBruteForce(payload, graph, planMeasurement(graph), batch);
    const withoutMaps = await timeBruteForce(payload, graph, planMeasurement(graph), batch, 'output');
    const plain = await timeInference(network, batch);
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, peakMemory(client.processId));
    }, 20);
    let first = NaN;
    const start = performance.now();
    const { measurement } = await client.call(
      'measure',
      { model: payload, input: { kind: 'pattern' }, options: { metric: 'flat', memoryBudgetBytes } },
      {
        onProgress: ({ kind }) => {
          if (kind === 'heatmap' && Number.isNaN(first)) first = performance.now() - start;
          peak = Math.max(peak, peakMemory(client.processId));
        },
      },
    );
    const whole = performance.now() - start;
    clearInterval(watch);
    const { returned, freed } = await timeCancellation(client, payload);
    const shifts = side * side;
    const label = `ResNet-50 ${side}x${side}:`;
    const kept = report([
      { what: `${label} heatmaps of ${measurement.heatmaps.length} layers, first one`, value: first / 1000, unit: 's ', limit: 5 },
      { what: `${label} all ${shifts} shifts of all layers, from request to result`, value: whole / 1000, unit: 's ', limit: null },
      { what: `${label} one shift by brute force, all maps, in batches`, value: perShift, unit: 'ms', limit: null },
      { what: `${label} plain inference of one image, in batches`, value: plain, unit: 'ms', limit: null },
      {
        what: `${label} gain against brute force over all shifts (extrapolated)`,
        value: (perShift * shifts) / whole,
        unit: 'x ',
        limit: null,
        least: 100,
      },
      {
        what: `${label} gain against brute force that gives no maps (extrapolated)`,
        value: (withoutMaps * shifts) / whole,
        unit: 'x ',
        limit: null,
      },
      {
        what: `${label} gain against plain inference of all shifts (extrapolated)`,
        value: (plain * shifts) / whole,
        unit: 'x ',
        limit: null,
      },
      { what: `${label} cancelled among the deepest maps, until the caller hears of it`, value: returned, unit: 'ms', limit: 200 },
      { what: `${label} until the engine serves the next request`, value: freed, unit: 'ms', limit: 2000 },
      { what: `${label} peak resident memory of the engine process`, value: peak, unit: 'MB', limit: 1024 },
    ]);
    if (!kept) process.exitCode = 1;
  } finally {
    client.dispose();
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds from cancelling a measurement half-way to its rejection, and to the answer of another request. */
async function timeCancellation(
  client: EngineClient,
  payload: ModelPayload,
): Promise<{ readonly returned: number; readonly freed: number }> {
  const controller = new AbortController();
  let start = NaN;
  let returned = NaN;
  const onProgress = (progress: CallProgress<'measure'>): void => {
    if (progress.kind !== 'share' || progress.done < 0.5 || controller.signal.aborted) return;
    start = performance.now();
    controller.abort();
  };
  await client
    .call(
      'measure',
      { model: payload, input: { kind: 'pattern' }, options: { metric: 'flat', memoryBudgetBytes } },
      { signal: controller.signal, onProgress },
    )
    .catch(() => {
      returned = performance.now() - start;
    });
  const { bytes } = vgg16(32);
  await client.call('run', { model: { ...payload, bytes }, input: { kind: 'pattern' } });
  return { returned, freed: performance.now() - start };
}

void main();
