import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';

/** The same suite in a desktop VS Code, for machines that can download one. */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const results = path.join(root, 'out/test-results/host.json');
await mkdir(path.dirname(results), { recursive: true });
const workspace = await mkdtemp(path.join(tmpdir(), 'shiftlint-workspace-'));
await cp(path.join(root, 'samples'), workspace, { recursive: true, filter: (file) => path.basename(file) !== 'train' });
try {
  await runTests({
    version: '1.100.3',
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'out/test/host/index.js'),
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
    extensionTestsEnv: { SHIFTLINT_HOST_RESULTS: results, SHIFTLINT_ROOT: root },
  });
} finally {
  await rm(workspace, { recursive: true, force: true });
}
