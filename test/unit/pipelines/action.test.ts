import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inTemporaryFolder, root } from '../cli/command-line';
import { blocksOf, fileOf, fillProject, runShell, version } from './pages';

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action;

/** Runs one step as a runner does: inputs go into its variables, and its script into bash. */
function runStep(folder: string, id: string, inputs: Readonly<Record<string, string>>) {
  const step = action.runs.steps.find((candidate) => candidate.id === id);
  const valueOf = (name: string): string => inputs[name] ?? action.inputs[name]?.default ?? '';
  const variables = Object.entries(step?.env ?? {}).map(([name, text]) => [
    name,
    text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/, (_, input: string) => valueOf(input)),
  ]);
  return runShell(folder, step?.run ?? 'exit 98', {
    ...Object.fromEntries(variables as [string, string][]),
    GITHUB_ACTION_PATH: root,
    GITHUB_OUTPUT: path.join(folder, 'output'),
  });
}

describe('the action', () => {
  it('has steps of a composite one, which read the inputs through variables alone', () => {
    expect(action.runs.using).toBe('composite');
    for (const { run, shell, env = {} } of action.runs.steps) {
      if (run === undefined) continue;
      expect(shell).toBe('bash');
      // A text of the user's in a script would be run as one.
      expect(run).not.toContain('${{');
      for (const text of Object.values(env)) expect(Object.keys(action.inputs)).toContain(/inputs\.([\w-]+)/.exec(text)?.[1]);
    }
  });

  it('is called by its page with inputs that it has, and the page lists them all', () => {
    const workflow = parse(fileOf('github', '.github/workflows/shiftlint.yml')) as {
      readonly jobs: { readonly lint: { readonly steps: readonly Step[] } };
    };
    const call = workflow.jobs.lint.steps.find(({ uses }) => uses?.startsWith('shiftlint/') === true);
    expect(call?.uses).toBe(`shiftlint/shiftlint@v${version}`);
    for (const name of Object.keys(call?.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
    const page = readFileSync(path.join(root, 'docs/pipelines/github.md'), 'utf8');
    expect([...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)).toEqual(Object.keys(action.inputs));
    expect(blocksOf('github').length).toBeGreaterThan(2);
  });

  it.skipIf(process.platform === 'win32')(
    'writes SARIF, annotates, and fails from the severity on that was asked for',
    { timeout: 60_000 },
    async () => {
      await inTemporaryFolder(async (folder) => {
        await fillProject(folder);
        expect(runStep(folder, 'sarif', { paths: 'src', upload: 'true' })).toEqual({ code: 0, stdout: '', stderr: '' });
        expect(readFileSync(path.join(folder, 'output'), 'utf8')).toBe('file=shiftlint.sarif\n');
        expect(readFileSync(path.join(folder, 'shiftlint.sarif'), 'utf8')).toContain('"strided-max-pool"');
        const found = runStep(folder, 'lint', { paths: 'src/good.py\nsrc/bad.py' });
        expect(found.code).toBe(1);
        expect(found.stdout).toContain('::warning file=src/bad.py,line=3');
        expect(runStep(folder, 'lint', { paths: 'src', 'fail-on': 'error' }).code).toBe(0);
        expect(runStep(folder, 'lint', { paths: 'src', arguments: '--ignore\nstrided-max-pool\n' })).toMatchObject({ code: 0 });
        // What cannot be read makes the step fail, and the SARIF tells of it.
        expect(runStep(folder, 'sarif', { paths: 'gone.py', sarif: 'gone.sarif' }).code).toBe(0);
        expect(existsSync(path.join(folder, 'gone.sarif'))).toBe(true);
        expect(runStep(folder, 'lint', { paths: 'gone.py' }).code).toBe(2);
      });
    },
  );
});
