import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openModel } from '../src/core/formats/registry';
import { lintGraph } from '../src/core/lint/linter';
import { blurFilter } from '../src/core/rewrite/filters';
import { payloadSource } from '../src/engine/input/source';
import { EngineClient } from '../src/engine/host/client';
import type { ModelPayload } from '../src/engine/protocol/payload';
import { usualRecovery } from '../src/engine/protocol/recovering';
import { writeNoise } from './dense-models';
import { peakMemory, report, type Figure } from './figures';
import { resnet50 } from './networks';

/** Recovery in the engine process as the command line starts it: everything fixed, judging included. */
const memoryBudgetBytes = 1 << 30;

/** What is recovered, and from how many images of which side. */
interface Case {
  readonly label: string;
  readonly payload: ModelPayload;
  readonly images: number;
  readonly side: number;
  /** Largest time in seconds, and memory in megabytes, that meet the project's promise. */
  readonly limits: { readonly seconds: number | null; readonly megabytes: number | null };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-bench-'));
  try {
    const figures: Figure[] = [];
    for (const one of casesIn(folder)) figures.push(...(await recover(one, path.join(folder, `${one.side}`))));
    if (!report(figures)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function casesIn(folder: string): readonly Case[] {
  const sample = (file: string): ModelPayload => {
    const place = path.resolve('samples', file);
    return { path: path.basename(file), bytes: readFileSync(place), folder: path.dirname(place), overlay: {} };
  };
  const { bytes } = resnet50(224);
  writeFileSync(path.join(folder, 'model.onnx'), bytes);
  const none = { seconds: null, megabytes: null };
  return [
    { label: 'sample (ONNX), 256 images', payload: sample('shapes.onnx'), images: 256, side: 32, limits: none },
    { label: 'sample (TensorFlow.js), 256 images', payload: sample('shapes-tfjs/model.json'), images: 256, side: 32, limits: none },
    {
      label: 'ResNet-50 224x224, 64 images',
      payload: { path: 'model.onnx', bytes, folder, overlay: {} },
      images: 64,
      side: 224,
      limits: { seconds: 600, megabytes: 2048 },
    },
  ];
}

async function recover({ label, payload, images, side, limits }: Case, folder: string): Promise<readonly Figure[]> {
  const client = new EngineClient({ modulePath: path.join(process.cwd(), 'dist/engine.js') });
  try {
    const findings = lintGraph(await openModel(payloadSource(payload)), { filter: blurFilter('tri-3'), plan: {} });
    const plans = findings.flatMap(({ fix }) => (fix.ok ? [fix.plan] : []));
    const options = { ...usualRecovery, images, seed: 0, memoryBudgetBytes, preprocessing: 'unit' } as const;
    const start = performance.now();
    const request = { model: payload, plans, images: writeNoise(folder, images, side), options };
    const { report: recovery } = await client.call('recover', request);
    const seconds = (performance.now() - start) / 1000;
    if (recovery.layers.every(({ kept }) => kept)) throw new Error(`Nothing of ${label} was recovered.`);
    const megabytes = peakMemory(client.processId);
    return [
      { what: `${label}: recovery of ${recovery.layers.length} layers, judged`, value: seconds, unit: 's ', limit: limits.seconds },
      { what: `${label}: peak resident memory of the engine process`, value: megabytes, unit: 'MB', limit: limits.megabytes },
    ];
  } finally {
    client.dispose();
  }
}

void main();
