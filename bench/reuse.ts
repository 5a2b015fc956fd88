import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { hostVariable } from '../src/engine/protocol/host-variable';
import type { CallMessage, FromProcess } from '../src/engine/protocol/messages';
import type { SentModel } from '../src/engine/protocol/payload';
import { peakMemory, report, type Figure } from './figures';
import { resnet50 } from './networks';

/** How soon a measurement begins: from its request to the first run of a level, in a new process and again in the same one. */
const memoryBudgetBytes = 1 << 30;
/** The weights of ResNet-50 and its layers, on an image that keeps the benchmark short. */
const side = 64;
/** Times of files are trusted once these lie so long back. */
const settledMs = 2100;
const promisedMs = 100;
const rounds = 3;

interface Begun {
  readonly firstRunMs: number;
  readonly wholeMs: number;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shiftlint-bench-'));
  try {
    const network = resnet50(side);
    const file = path.join(folder, `${network.name}.onnx`);
    await writeFile(file, network.bytes);
    await wait(settledMs);
    const samples = path.resolve('samples');
    const figures: Figure[] = [];
    for (const model of [file, path.join(samples, 'shapes.onnx'), path.join(samples, 'shapes-tfjs', 'model.json')])
      figures.push(...(await begun(await sent(model))));
    if (!report(figures)) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sent(file: string): Promise<SentModel> {
  const { size, mtime } = await stat(file);
  const content = { file, size, modified: mtime.getTime(), pieces: null };
  return { path: file, folder: path.dirname(file), file, overlay: {}, content };
}

/** Measures a model several times in one process. */
async function begun(model: SentModel): Promise<readonly Figure[]> {
  const child = fork(path.resolve('dist/engine.js'), [], {
    env: { ...process.env, [hostVariable]: `${process.pid}` },
    serialization: 'advanced',
  });
  try {
    const name = path.relative(path.dirname(path.dirname(model.path)), model.path);
    const times: Begun[] = [];
    for (let round = 0; round < rounds; round++) times.push(await measured(child, round, model));
    const peak = peakMemory(child.pid);
    return [
      ...times.flatMap(({ firstRunMs, wholeMs }, round): readonly Figure[] => [
        { what: `${name}, request ${round + 1}: first run after`, value: firstRunMs, unit: 'ms', limit: round === 0 ? null : promisedMs },
        { what: `${name}, request ${round + 1}: whole`, value: wholeMs, unit: 'ms', limit: null },
      ]),
      { what: `${name}: memory at most`, value: peak, unit: 'MB', limit: null },
    ];
  } finally {
    child.kill('SIGKILL');
  }
}

function measured(child: ChildProcess, id: number, model: SentModel): Promise<Begun> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let firstRunMs = NaN;
    const hear = (message: FromProcess): void => {
      if (message.kind === 'run-began' && Number.isNaN(firstRunMs)) firstRunMs = performance.now() - start;
      if (message.kind === 'failed') reject(new Error(message.message));
      if (message.kind !== 'result') return;
      child.off('message', hear);
      resolve({ firstRunMs, wholeMs: performance.now() - start });
    };
    child.on('message', hear);
    const request = { model, input: { kind: 'pattern' }, options: { metric: 'flat', memoryBudgetBytes } } as const;
    child.send({ kind: 'call', id, call: 'measure', request } satisfies CallMessage);
  });
}

void main();
