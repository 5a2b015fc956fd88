import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CodeRequests } from '../src/code/protocol';
import { CodeWorkerClient } from '../src/code/worker-client';
import type { LintReport, ReportedSource } from '../src/core/report/lint-report';
import { median, report, timed, type Figure } from './figures';
import { writeWorkspace, type GeneratedWorkspace } from './workspace-files';

const count = 1500;
const openUsers = 20;
const cores = 2;

/** What a run of the command line took. */
interface LintRun {
  readonly elapsed: number;
  /** Time of all processors, in milliseconds. */
  readonly used: number;
  readonly stdout: string;
}

/** Judges the whole workspace from the command line. */
async function lint(root: string, jobs: number): Promise<LintRun> {
  const start = performance.now();
  const words = [
    '-c',
    '"$@"; times >&2',
    'sh',
    process.execPath,
    path.resolve('dist/cli.js'),
    'lint',
    root,
    '--json',
    '--jobs',
    String(jobs),
  ];
  const child = spawn('sh', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const elapsed = performance.now() - start;
  // The second line of what `times` prints are the children's.
  const used = [...(stderr.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes = '0', seconds = '0']) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds),
    0,
  );
  return { elapsed, used, stdout };
}

/** An editor that has files open: a change in a helper, until the findings of all that import it are there. */
async function editHelper(
  root: string,
  { helper, users }: GeneratedWorkspace,
): Promise<{ readonly all: readonly number[]; readonly used: readonly number[]; readonly judged: number }> {
  const opened = [helper, ...users.slice(0, openUsers)].map((file): CodeRequests['open'] => {
    const place = { file: path.join(root, file), root };
    return { document: file, language: 'python', text: readFileSync(place.file, 'utf8'), place };
  });
  const client = new CodeWorkerClient({ modulePath: path.resolve('dist/code.js'), documents: () => opened });
  const judge = (document: string) => client.request('lint', { document, options: {} });
  const [first] = opened;
  if (first === undefined) throw new Error('There is no helper.');
  for (const { document } of opened) await judge(document);
  const at = first.text.indexOf('STEP = 2') + 'STEP = '.length;
  let judged = 0;
  const used: number[] = [];
  const all = await timed(15, async (run) => {
    const before = process.cpuUsage();
    const edits = [{ offset: at, length: 1, text: run % 2 === 0 ? '3' : '2' }];
    const again = await client.request('edit', { document: helper, edits });
    const found = await Promise.all(again.map(judge));
    judged = again.length;
    const { user, system } = process.cpuUsage(before);
    used.push((user + system) / 1000);
    const stride = run % 2 === 0 ? 3 : 2;
    const follows = found.every(({ findings }) =>
      findings.some(({ rule, stride: [step] }) => rule === 'strided-max-pool' && step === stride),
    );
    if (!follows) throw new Error('The findings do not follow the helper.');
  });
  client.dispose();
  return { all, used, judged };
}

async function main(): Promise<void> {
  const root = mkdtempSync(path.join(tmpdir(), 'shiftlint-bench-'));
  try {
    const workspace = writeWorkspace(root, count);
    await lint(root, cores);
    const runs = [await lint(root, cores), await lint(root, cores), await lint(root, cores)];
    const alone = await lint(root, 1);
    const best = runs.reduce((a, b) => (a.elapsed < b.elapsed ? a : b));
    if (runs.some(({ stdout }) => stdout !== alone.stdout)) throw new Error('What is found depends on the number of processes.');
    const files = (JSON.parse(alone.stdout) as LintReport).files as readonly ReportedSource[];
    const findings = files.reduce((sum, file) => sum + file.findings.length, 0);
    const elsewhere = files.filter((file) => file.findings.some(({ related }) => related.some(({ path: other }) => other !== undefined)));
    const { all, used, judged } = await editHelper(root, workspace);
    const figures: Figure[] = [
      {
        what: `${files.length} files (${elsewhere.length} led to another one, ${findings} findings), ${cores} processes`,
        value: best.elapsed / 1000,
        unit: 's',
        limit: 6,
      },
      { what: 'the same, time of the processors', value: best.used / 1000, unit: 's', limit: null },
      { what: 'the same by one process, time of the processor', value: alone.used / 1000, unit: 's', limit: null },
      {
        what: `an edit in a helper until its ${judged} open users are judged, median`,
        value: median(all.slice(5)),
        unit: 'ms',
        limit: 150,
      },
      { what: 'the same, time of the processors', value: median(used.slice(5)), unit: 'ms', limit: null },
    ];
    if (judged !== openUsers) throw new Error(`${judged} of ${openUsers} users were to be judged again.`);
    if (!report(figures)) process.exitCode = 1;
  } finally {
    rmSync(root, { recursive: true });
  }
}

void main();
