import { createHash, randomInt } from 'node:crypto';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import esbuild from 'esbuild';
import { esbuildWat } from '../../../../scripts/wat.mjs';
import { parseTemporaryName } from '../../../../src/engine/output/temporary-file';
import { makeTemplate, type JobName } from './jobs';

/** Digests of the files of a folder by their paths. */
type Listing = ReadonlyMap<string, string>;

/** What came of killing writers. Both must stay empty. */
export interface Outcome {
  kills: number;
  /** Kills after which something of the write was there that a finished one does not leave. */
  inTheMiddle: number;
  /** Files that were neither the old ones nor the new ones, or a new model without its weights. */
  readonly halves: string[];
  /** Files that were there after the next run, beyond those that a run without a kill leaves. */
  readonly leftovers: string[];
}

/** Bundles the program that is killed. @param folder from which packages are found */
export async function bundleWriter(root: string, folder: string): Promise<string> {
  const outfile = path.join(folder, 'writer.cjs');
  await esbuild.build({
    entryPoints: [path.join(root, 'test/unit/output/kill/writer.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    alias: { vscode: path.join(root, 'test/unit/output/kill/editor-stub.ts'), 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [esbuildWat],
    logLevel: 'error',
  });
  return outfile;
}

/**
 * Kills a writer that many times, each time at a random moment of its work, and looks at what is there: right after the kill, and after
 * the next run.
 *
 * @param scratch folder that is made and removed
 */
export async function killWriters(root: string, writer: string, job: JobName, count: number, scratch: string): Promise<Outcome> {
  const [template, folder, finished] = ['template', 'work', 'finished'].map((name) => path.join(scratch, name)) as [string, string, string];
  for (const made of [template, folder, finished, temporaryFolder(template)]) await mkdir(made, { recursive: true });
  await makeTemplate(root, job, template);
  const elapsedMs = await runOnce(writer, job, template, finished);
  const [before, after] = [await listing(template), await listing(path.join(finished, '1'))];
  const outcome: Outcome = { kills: 0, inTheMiddle: 0, halves: [], leftovers: [] };
  try {
    let child = await started(writer, job, template, folder);
    for (; outcome.kills < count; outcome.kills++) {
      await wait(randomInt(Math.ceil(2 * elapsedMs)));
      child.kill('SIGKILL');
      await once(child, 'close');
      const latest = await requireFinished(folder, after, outcome);
      if (latest !== undefined) await requireUsable(latest, before, after, outcome);
      child = await started(writer, job, template, folder, async (next) => {
        // Killed before it had made the first folder ready, a writer leaves the next one nothing to write before it answers.
        if (latest === undefined) return;
        await lookAside(temporaryFolder(template), next, outcome);
        await lookAgain(latest, after, outcome);
      });
    }
    child.kill('SIGKILL');
    await once(child, 'close');
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return outcome;
}

/** Where writers put what they set aside, so that it can be looked through. */
function temporaryFolder(template: string): string {
  return path.join(path.dirname(template), 'temporary');
}

function launched(writer: string, job: JobName, template: string, folder: string, ...more: readonly string[]): ChildProcess {
  const temporary = temporaryFolder(template);
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  return fork(writer, [job, template, folder, ...more], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** Time that one write takes once the program runs. */
async function runOnce(writer: string, job: JobName, template: string, folder: string): Promise<number> {
  const child = launched(writer, job, template, folder, 'once');
  await once(child, 'message');
  const startMs = performance.now();
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The writer of "${job}" ended with ${code}.`);
  return performance.now() - startMs;
}

/** A writer that has finished what was under way; it waits for nobody, so what it finished is looked at while it goes on elsewhere. */
async function started(
  writer: string,
  job: JobName,
  template: string,
  folder: string,
  onReady: (child: ChildProcess) => Promise<void> | undefined = () => undefined,
): Promise<ChildProcess> {
  const child = launched(writer, job, template, folder);
  const message: unknown = await Promise.race([once(child, 'message'), once(child, 'close').then(() => undefined)]);
  if (message === undefined) throw new Error(`The writer of "${job}" ended by itself.`);
  await onReady(child);
  return child;
}

/** All folders but the latest were finished: they must be whole. Removes them; the latest one's path. */
async function requireFinished(folder: string, after: Listing, outcome: Outcome): Promise<string | undefined> {
  const numbers = (await readdir(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  numbers.sort((a, b) => a - b);
  const latest = numbers.pop();
  for (const number of numbers) {
    const at = path.join(folder, String(number));
    for (const [file, digest] of await listing(at)) if (after.get(file) !== digest) outcome.halves.push(`${file} of a finished write`);
    await rm(at, { recursive: true });
  }
  return latest === undefined ? undefined : path.join(folder, String(latest));
}

/** Right after a kill, the old files are whole, or the new ones; what is there besides is temporary, or whole. */
async function requireUsable(at: string, before: Listing, after: Listing, outcome: Outcome): Promise<void> {
  const present = await listing(at);
  const temporary = [...present.keys()].filter((file) => parseTemporaryName(path.basename(file)) !== undefined);
  const isNew = [...after].every(([file, digest]) => present.get(file) === digest);
  const isOld = [...before].every(([file, digest]) => present.get(file) === digest);
  if (!isNew && !isOld) outcome.halves.push(`neither old nor new: ${[...present.keys()].join(', ')}`);
  const half = [...present].filter(
    ([file, digest]) => !temporary.includes(file) && before.get(file) !== digest && after.get(file) !== digest,
  );
  outcome.halves.push(...half.map(([file]) => file));
  const models = /\.(?:onnx|json)$/;
  const newModel = [...after].find(([file, digest]) => models.test(file) && before.get(file) !== digest);
  if (newModel !== undefined && present.get(newModel[0]) === newModel[1] && !isNew)
    outcome.halves.push(`${newModel[0]} without its weights`);
  if (temporary.length > 0) outcome.inTheMiddle += 1;
}

/** After the next run everything is as if nothing had been killed. */
async function lookAgain(at: string, after: Listing, outcome: Outcome): Promise<void> {
  const present = await listing(at);
  for (const [file, digest] of present) if (after.get(file) !== digest) outcome.leftovers.push(file);
  for (const file of after.keys()) if (!present.has(file)) outcome.halves.push(`${file} is missing`);
}

/** What a killed run has set aside in the system's folder for that is gone by now; what is there is the next run's own. */
async function lookAside(temporary: string, next: ChildProcess, outcome: Outcome): Promise<void> {
  const others = (await readdir(temporary)).filter((name) => parseTemporaryName(name)?.process !== next.pid);
  outcome.leftovers.push(...others.map((name) => `${name} of the system's temporary folder`));
}

async function listing(folder: string): Promise<Listing> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const digests = files.map(async (file) => {
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return [path.relative(folder, file), digest] as const;
  });
  return new Map(await Promise.all(digests));
}
