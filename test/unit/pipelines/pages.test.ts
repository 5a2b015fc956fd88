import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ConsistencyReport } from '../../../src/core/report/consistency-report';
import { inTemporaryFolder, root } from '../cli/command-line';
import { blocksOf, fileOf, fillProject, runShell, version } from './pages';

const pages = readdirSync(path.join(root, 'docs/pipelines')).map((name) => path.basename(name, '.md'));
const index = readFileSync(path.join(root, 'docs/pipelines.md'), 'utf8');

/** Bash runs the recipes, which are for the machines that pipelines run on. */
const onUnix = process.platform !== 'win32';
const hasParallel = spawnSync('parallel', ['--version']).status === 0;

async function inProject(test: (folder: string) => Promise<void> | void): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    await fillProject(folder);
    await test(folder);
  });
}

function reportIn(folder: string, file: string): ConsistencyReport {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as ConsistencyReport;
}

it('the index names every page', () => {
  expect(pages.filter((page) => !index.includes(`](pipelines/${page}.md)`))).toEqual([]);
});

it('pages, container and hooks name the version of this checkout', () => {
  const files = [...pages.map((page) => `docs/pipelines/${page}.md`), 'Dockerfile'];
  const named = files.flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/shiftlint(?:@v?|:|_VERSION=)(\d[^\s'"@`]*)/g)].map(([, found]) => found),
  );
  expect(named.length).toBeGreaterThan(6);
  expect([...new Set(named)]).toEqual([version]);
});

describe.skipIf(!onUnix)('the commands that the pages mark', () => {
  const marked = pages.map((page) => [page, blocksOf(page).filter(({ mark }) => mark === 'test')] as const);

  it.each(marked.filter(([page, texts]) => texts.length > 0 && (page !== 'parallel' || hasParallel)))(
    'of %s.md run, one after another',
    { timeout: 120_000 },
    async (page, texts) => {
      await inProject((folder) => {
        for (const { text } of texts) expect(runShell(folder, text), text).toMatchObject({ code: 0 });
        if (page === 'parallel') checkParts(folder);
        if (page === 'github') expect(readFileSync(path.join(folder, 'shiftlint.sarif'), 'utf8')).toContain('"strided-max-pool"');
      });
    },
  );

  /** One part was made again, three were not, and a list of two images is one. */
  function checkParts(folder: string): void {
    expect(readFileSync(path.join(folder, 'resumed.txt'), 'utf8').match(/is finished already/g)).toHaveLength(3);
    expect(reportIn(folder, 'result.json')).toMatchObject({ shard: null, summary: { images: 6 } });
    expect(reportIn(folder, 'some.json').images.map(({ image }) => image)).toEqual(['images/square.png', 'images/star.png']);
  }
});

describe.skipIf(!onUnix)('tasks and pods are counted as parts are', () => {
  it('of a Slurm array', { timeout: 60_000 }, async () => {
    await inProject((folder) => {
      const script = fileOf('slurm', 'shiftlint.sbatch');
      const [, first, last] = /^#SBATCH --array=(\d+)-(\d+)$/m.exec(script) ?? [];
      const id = last ?? '';
      expect(runShell(folder, script, { SLURM_ARRAY_TASK_ID: id, SLURM_CPUS_PER_TASK: '1' })).toMatchObject({ code: 0 });
      expect(reportIn(folder, `part-${id}.json`).shard).toEqual({ index: Number(id), count: Number(id) + 1 });
      expect(Number(first)).toBe(0);
      // Counted from 1, as the page says.
      const fromOne = runShell(folder, 'npx shiftlint consistency model.onnx images --shard 4/4');
      expect(fromOne.stderr).toContain('--shard takes I/N with I from 0 to N - 1, not "4/4".');
    });
  });

  it('of an Indexed Job', { timeout: 60_000 }, async () => {
    await inProject((folder) => {
      const { spec } = parse(fileOf('kubernetes', 'job.yaml')) as { readonly spec: JobSpec };
      const [container] = spec.template.spec.containers;
      // Kubernetes counts from 0. The volume of the parts lies in the project here.
      const args = container?.args.join(' ').replace('"/parts/', '"parts/') ?? '';
      const [shell = '', option = ''] = container?.command ?? [];
      const words = `mkdir -p parts && ${shell} ${option} '${args}'`;
      expect(runShell(folder, words, { JOB_COMPLETION_INDEX: '0' })).toMatchObject({ code: 0 });
      expect(reportIn(folder, 'parts/part-0.json').shard).toEqual({ index: 0, count: spec.completions });
    });
  });
});

/** What is looked at of a Job (batch/v1). */
interface JobSpec {
  readonly completionMode: string;
  readonly completions: number;
  readonly parallelism: number;
  readonly backoffLimitPerIndex: number;
  readonly template: {
    readonly spec: {
      readonly restartPolicy: string;
      readonly containers: readonly {
        readonly command: readonly string[];
        readonly args: readonly string[];
        readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
      }[];
      readonly volumes: readonly { readonly name: string }[];
    };
  };
}

it('the Indexed Job is one that Kubernetes takes', () => {
  const job = parse(fileOf('kubernetes', 'job.yaml')) as { readonly apiVersion: string; readonly kind: string; readonly spec: JobSpec };
  expect(job).toMatchObject({ apiVersion: 'batch/v1', kind: 'Job', spec: { completionMode: 'Indexed' } });
  const { completions, parallelism, backoffLimitPerIndex, template } = job.spec;
  expect(parallelism).toBeLessThanOrEqual(completions);
  // Retries an index are for pods that are never restarted in their place.
  expect(backoffLimitPerIndex).toBeGreaterThan(0);
  expect(template.spec.restartPolicy).toBe('Never');
  const [container] = template.spec.containers;
  const volumes = template.spec.volumes.map(({ name }) => name).sort();
  expect(container?.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes);
  expect(container?.args.join(' ')).toContain(`"$JOB_COMPLETION_INDEX/${completions}"`);
  // One mount inside of another that is read only could not be made.
  const places = container?.volumeMounts.map(({ mountPath }) => mountPath) ?? [];
  expect(places.filter((place) => places.some((other) => place.startsWith(`${other}/`)))).toEqual([]);
});

it('the container is slim and runs as a user that is not root', () => {
  const lines = readFileSync(path.join(root, 'Dockerfile'), 'utf8').split('\n');
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  expect(lines.find((line) => line.startsWith('FROM '))).toMatch(/^FROM node:\d+\.\d+\.\d+-\w+-slim$/);
  expect(lines).toContain(`ARG ONNXRUNTIME_VERSION=${dependencies['onnxruntime-node'] ?? ''}`);
  const place = (start: string): number => lines.findIndex((line) => line.startsWith(start));
  expect(place('USER node')).toBeGreaterThan(place('RUN '));
  expect(place('ENTRYPOINT ["shiftlint"]')).toBeGreaterThan(place('USER node'));
});

it.skipIf(!onUnix)('the job of GitLab writes its report and fails for a finding', async () => {
  await inProject((folder) => {
    const { shiftlint } = parse(fileOf('gitlab', '.gitlab-ci.yml')) as {
      readonly shiftlint: {
        readonly script: readonly string[];
        readonly artifacts: { readonly reports: { readonly codequality: string } };
      };
    };
    expect(runShell(folder, shiftlint.script.join('\n'))).toMatchObject({ code: 1, stderr: '' });
    const file = path.join(folder, shiftlint.artifacts.reports.codequality);
    expect(existsSync(file)).toBe(true);
    const issues = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly location: { readonly path: string } }[];
    expect(issues.map(({ location }) => location.path)).toContain('src/bad.py');
  });
});
