import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { EngineClient } from '../src/engine/host/client';
import { settingsEnvironment, type EngineSettings } from '../src/engine/protocol/engine-settings';
import { EngineError } from '../src/engine/protocol/engine-error';
import type { SentModel } from '../src/engine/protocol/payload';
import { report, type Figure } from './figures';
import { resnet50, vgg16, type BenchNetwork } from './networks';

/** What cores and graphics cards give, in whole measurements: from the request to a new engine process to its result. */
const memoryBudgetBytes = 1 << 30;

/** What is promised of sixteen cores against two, and of a graphics card. */
const coresPromised = 16;
const leastGain = 4;
const resNetSeconds = 3;
const vggSeconds = 1;

interface Measured {
  /** Of the first request, the start of the process included, and of the next one to the same process. */
  readonly firstSeconds: number;
  readonly againSeconds: number;
  readonly backend: string;
  readonly notes: readonly string[];
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shiftlint-bench-'));
  try {
    const [resNet, vgg] = [resnet50(224), vgg16(32)];
    const cores = availableParallelism();
    process.stdout.write(`Processor: ${cpus()[0]?.model.trim() ?? 'unknown'}, ${cores} threads\n`);
    const card = await measured(folder, vgg, { device: 'gpu' }).catch(told);
    const isCard = card?.backend.includes('WebGPU') === true;
    process.stdout.write(`Graphics card: ${isCard ? card.backend : (card?.notes.join(' ') ?? 'none that works')}\n`);
    const figures = [
      ...(isCard ? await onCard(folder, resNet, vgg, card) : []),
      ...onProcessor(vgg, 'all', await measured(folder, vgg, { device: 'cpu' })),
      ...(await byThreads(folder, resNet, cores)),
    ];
    if (!report(figures)) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A driver that hangs or crashes ends the engine's process; the figures of the processor are wanted all the same. */
function told(error: unknown): undefined {
  if (!(error instanceof EngineError)) throw error;
  process.stdout.write(`${error.message}\n`);
}

/** A card in software, which tests may use, promises nothing and is not asked for ResNet-50. */
async function onCard(folder: string, resNet: BenchNetwork, vgg: BenchNetwork, ofVgg: Measured): Promise<readonly Figure[]> {
  const isHardware = process.env['SHIFTLINT_GPU_SOFTWARE'] !== '1';
  const figures = onGpu(vgg, ofVgg, isHardware ? vggSeconds : null);
  return isHardware ? [...figures, ...onGpu(resNet, await measured(folder, resNet, { device: 'gpu' }), resNetSeconds)] : figures;
}

function onGpu({ name, side }: BenchNetwork, { firstSeconds, againSeconds }: Measured, limit: number | null): readonly Figure[] {
  const label = `${name} ${side}x${side} on the graphics card,`;
  return [
    { what: `${label} new process`, value: firstSeconds, unit: 's', limit },
    { what: `${label} same process again`, value: againSeconds, unit: 's', limit: null },
  ];
}

function onProcessor({ name, side }: BenchNetwork, threads: number | 'all', { firstSeconds, againSeconds }: Measured): readonly Figure[] {
  const label = `${name} ${side}x${side} on the processor, ${threads} threads,`;
  return [
    { what: `${label} new process`, value: firstSeconds, unit: 's', limit: null },
    { what: `${label} same process again`, value: againSeconds, unit: 's', limit: null },
  ];
}

/** Two threads against one a core. */
async function byThreads(folder: string, network: BenchNetwork, cores: number): Promise<readonly Figure[]> {
  const two = await measured(folder, network, { device: 'cpu', threads: 2 });
  if (cores <= 2) return onProcessor(network, 2, two);
  const all = await measured(folder, network, { device: 'cpu', threads: cores });
  return [
    ...onProcessor(network, 2, two),
    ...onProcessor(network, cores, all),
    {
      what: `${network.name} ${network.side}x${network.side}: ${cores} threads against 2`,
      value: two.againSeconds / all.againSeconds,
      unit: 'x ',
      limit: null,
      ...(cores >= coresPromised && { least: leastGain }),
    },
  ];
}

/** Measures a network twice in a process of its own. */
async function measured(folder: string, { name, bytes }: BenchNetwork, settings: Partial<EngineSettings>): Promise<Measured> {
  const file = path.join(folder, `${name}.onnx`);
  await writeFile(file, bytes);
  const { size, mtime } = await stat(file);
  const model: SentModel = { path: file, folder, file, overlay: {}, content: { file, size, modified: mtime.getTime(), pieces: null } };
  const client = new EngineClient({
    modulePath: path.resolve('dist/engine.js'),
    environment: () => settingsEnvironment(settings),
  });
  try {
    const request = { model, input: { kind: 'pattern' }, options: { metric: 'flat', memoryBudgetBytes } } as const;
    const times: number[] = [];
    let [backend, notes]: [string, readonly string[]] = ['', []];
    for (let round = 0; round < 2; round++) {
      const start = performance.now();
      const result = await client.call('measure', request);
      times.push((performance.now() - start) / 1000);
      ({ backend } = result);
      ({ notes } = result.measurement);
    }
    return { firstSeconds: times[0] ?? NaN, againSeconds: times[1] ?? NaN, backend, notes };
  } finally {
    client.dispose();
  }
}

void main();
