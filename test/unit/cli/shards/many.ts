import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { drawFolder, writeTinyModel } from './drawn-folder';
import { processesOf } from './processes';

const usage = 'npm run shards [-- IMAGES [SHARDS [JOBS]]]';
const watchEveryMs = 2000;

/** Resident megabytes of a command and of its engine at one moment. */
type Sample = readonly [seconds: number, command: number, engine: number];

/**
 * Classifies a folder of generated images in shards through GNU parallel, kills one shard in the middle, resumes it by the same command,
 * and compares what the shards come to with one run. Says what memory each process held over time. Fails where the results differ.
 */
async function main(images: number, shards: number, jobs: number): Promise<void> {
  const folder = path.resolve('out/shards', `${images}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  drawFolder(path.join(folder, 'images'), images);
  writeTinyModel(path.join(folder, 'tiny.onnx'));
  console.log(`${images} images drawn`);
  const command = path.resolve('dist/cli.js');
  const words = ['consistency', 'tiny.onnx', 'images', '--pairs', '1', '--threads', '1', '-o'];
  const began = Date.now();
  const watched = new Map<string, Sample[]>();
  const victim = Math.floor(shards / 2);
  const killAfter = (sample: Sample[] | undefined): boolean => (sample?.length ?? 0) >= 3;
  let killed = 0;
  const watch = setInterval(() => {
    sampleInto(watched, folder, shards, (Date.now() - began) / 1000);
    if (killed === 0 && killAfter(watched.get(`${victim}/${shards}`))) killed = killShard(folder, `${victim}/${shards}`);
  }, watchEveryMs);
  const run = (): Promise<{ code: number; errors: string }> => inParallel(folder, command, words, shards, jobs);
  const first = await run();
  console.log(
    `first run: exit code ${first.code}, shard ${victim} killed ${killed > 0 ? 'in the middle' : 'NOT: it had ended'}, its file ${existsSync(part(folder, victim)) ? 'there' : 'not there'}`,
  );
  const kept = Array.from({ length: shards }, (_, index) => (existsSync(part(folder, index)) ? statSync(part(folder, index)).mtimeMs : 0));
  const second = await run();
  clearInterval(watch);
  const skipped = second.errors.match(/is finished already/g)?.length ?? 0;
  const untouched = kept.filter((time, index) => time > 0 && statSync(part(folder, index)).mtimeMs === time).length;
  console.log(`second run: exit code ${second.code}, ${skipped} finished shards skipped, ${untouched} files untouched`);
  for (const [name, samples] of [...watched].sort()) console.log(`shard ${name}: ${memoryText(samples)}`);
  const merged = await timedRun(
    folder,
    [command, 'merge', ...Array.from({ length: shards }, (_, index) => part(folder, index)), '--json'],
    'merged.json',
  );
  const whole = await timedRun(folder, [command, ...words, path.join(folder, 'whole.json')], 'whole.txt');
  const isEqual = readFileSync(path.join(folder, 'merged.json')).equals(readFileSync(path.join(folder, 'whole.json')));
  console.log(`merge: ${merged}\none run: ${whole}\nmerged and one run are ${isEqual ? 'equal, byte for byte' : 'DIFFERENT'}`);
  process.exitCode = isEqual && second.code === 0 && skipped === shards - 1 && untouched === shards - 1 ? 0 : 1;
}

function part(folder: string, index: number): string {
  return path.join(folder, `part-${index}.json`);
}

async function inParallel(folder: string, command: string, words: readonly string[], shards: number, jobs: number) {
  const line = [process.execPath, command, ...words, `${folder}/part-{}.json`, '--shard', `{}/${shards}`].join(' ');
  const child = spawn('parallel', ['--jobs', `${jobs}`, line, ':::', ...Array.from({ length: shards }, (_, index) => `${index}`)], {
    cwd: folder,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.resume();
  const code = await new Promise<number>((resolve, reject) =>
    child.on('error', reject).on('close', (status) => {
      resolve(status ?? -1);
    }),
  );
  return { code, errors };
}

function sampleInto(watched: Map<string, Sample[]>, folder: string, shards: number, seconds: number): void {
  const running = processesOf(`${folder}/part-`);
  for (const { id, words, resident } of running) {
    const shard = words.find((word) => word.endsWith(`/${shards}`) && /^\d+\//.test(word));
    const engine = running.find(({ parent, words: own }) => parent === id && own.some((word) => word.endsWith('engine.js')));
    if (shard === undefined || engine === undefined) continue;
    watched.set(shard, [...(watched.get(shard) ?? []), [seconds, resident, engine.resident]]);
  }
}

function killShard(folder: string, shard: string): number {
  const victims = processesOf(`${folder}/part-`).filter(({ words }) => words.includes(shard) && words[0]?.endsWith('node'));
  for (const { id } of victims) process.kill(id, 'SIGKILL');
  return victims.length;
}

/** Five moments from the first to the last. */
function memoryText(samples: readonly Sample[]): string {
  const moments = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => samples[Math.floor(share * samples.length)]);
  const texts = moments.map((sample) => (sample === undefined ? '-' : `${sample[1].toFixed(0)} + ${sample[2].toFixed(0)}`));
  const peak = (place: 1 | 2): string => Math.max(...samples.map((sample) => sample[place])).toFixed(0);
  return `command + engine, MB, at 10, 30, 50, 70, 90 %: ${texts.join(', ')}; most ${peak(1)} + ${peak(2)} of ${samples.length} samples`;
}

/** Runs a command with its output in a file, and tells its time and the memory that it held. */
async function timedRun(folder: string, words: readonly string[], output: string): Promise<string> {
  const began = Date.now();
  const file = openSync(path.join(folder, output), 'w');
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', file, 'inherit'] });
  const samples: Sample[] = [];
  const watch = setInterval(() => {
    const running = processesOf(folder).filter(({ id, parent }) => id === child.pid || parent === child.pid);
    const held = (isEngine: boolean): number => running.find(({ id }) => (id !== child.pid) === isEngine)?.resident ?? 0;
    samples.push([(Date.now() - began) / 1000, held(false), held(true)]);
  }, watchEveryMs / 10);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  closeSync(file);
  return `exit code ${code}, ${((Date.now() - began) / 1000).toFixed(0)} s; ${memoryText(samples)}`;
}

const [images = 200_000, shards = 8, jobs = 2] = process.argv.slice(2).map(Number);
if ([images, shards, jobs].some((number) => !(number > 0))) throw new Error(usage);
void main(images, shards, jobs);
