import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { patience } from './suite/waiting';

/**
 * Entry point that VS Code's extension host calls: runs every suite of a folder beside this file, or only the tests whose titles match
 * SHIFTLINT_HOST_ONLY, writes counts and a report, rejects on failure.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 90_000 * patience, reporter: 'dot', reporterOptions: {} });
  const only = process.env['SHIFTLINT_HOST_ONLY'];
  if (only !== undefined) mocha.grep(new RegExp(only));
  const folder = path.join(__dirname, process.env['SHIFTLINT_HOST_SUITE'] ?? 'suite');
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.test.js'))
    .sort())
    mocha.addFile(path.join(folder, file));
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    runner.on('pass', (test) => {
      passed += 1;
      lines.push(`  ok    ${test.fullTitle()}`);
    });
    runner.on('fail', (test, error: Error) => {
      failed += 1;
      lines.push(`  FAIL  ${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
  });
  const results = process.env['SHIFTLINT_HOST_RESULTS'];
  if (results !== undefined) writeFileSync(results, JSON.stringify({ passed, failed, report: lines.join('\n') }));
  if (failed > 0 || passed === 0) throw new Error(`${failed} of ${passed + failed} host tests failed.\n${lines.join('\n')}`);
}
