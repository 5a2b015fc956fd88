import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Files of a small tree, with what each imports. */
const tree: Readonly<Record<string, string>> = {
  'src/core/one.ts': "import { two } from './two';\nexport const one = (): number => two();",
  'src/core/two.ts': "import { one } from './one';\nexport const two = (): number => one();",
  'src/core/type-one.ts': "import type { Two } from './type-two';\nexport type One = readonly Two[];",
  'src/core/type-two.ts': "import type { One } from './type-one';\nexport interface Two {\n  readonly ones: One;\n}",
  'src/code/evaluate/interpreter/call.ts': "import { run } from './run';\nexport const call = (): number => run();",
  'src/code/evaluate/interpreter/run.ts': "import { call } from './call';\nexport const run = (): number => call();",
  'src/code/outside.ts': "import { inside } from './evaluate/interpreter/inside';\nexport const outside = (): number => inside();",
  'src/code/evaluate/interpreter/inside.ts': "import { outside } from '../../outside';\nexport const inside = (): number => outside();",
  'src/code/straight.ts': "import { call } from './evaluate/interpreter/call';\nexport const straight = (): number => call();",
};

describe('npm run cycles', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-cycles-'));
  let reported: readonly string[] = [];

  beforeAll(() => {
    for (const [file, text] of Object.entries(tree)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const words = [cruiser, '--config', path.join(root, '.dependency-cruiser.mjs'), 'src'];
    const { status, stdout } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
    expect(status).not.toBe(0);
    reported = [...stdout.matchAll(/error no-cycle: (\S+)/g)].map(([, file]) => file ?? '');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds a cycle of two files', () => {
    expect(reported).toContainEqual(expect.stringMatching(/^src\/core\/(one|two)\.ts$/));
  });

  it('finds one of types alone', () => {
    expect(reported).toContainEqual(expect.stringMatching(/^src\/core\/type-(one|two)\.ts$/));
  });

  it('leaves the recursion of the interpreter alone, but not where it leaves its folder', () => {
    expect(reported.filter((file) => file.startsWith('src/code/'))).toEqual(['src/code/outside.ts']);
  });
});
