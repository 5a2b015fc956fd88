import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inTemporaryFolder, root, shiftlint } from './command-line';

const maxPool = path.join(root, 'test/fixtures/textbook/max-pool.onnx');

it('a measurement fails for layers below what is asked of them, and says which', { timeout: 60_000 }, async () => {
  const low = await shiftlint('measure', maxPool, '--fail-under', '0.5');
  expect(low).toMatchObject({ code: 0, stderr: '' });
  const high = await shiftlint('measure', maxPool, '--fail-under', '0.9999', '--json');
  expect(high.code).toBe(1);
  const { layers } = JSON.parse(high.stdout) as { layers: { label: string; mean: number }[] };
  const below = layers.filter(({ mean }) => mean < 0.9999);
  expect(below.length).toBeGreaterThan(0);
  expect(high.stderr).toBe(below.map(({ label, mean }) => `Mean equivariance of ${label} is ${mean.toFixed(4)}, below 0.9999.\n`).join(''));
  const unknown = await shiftlint('measure', maxPool, '--fail-under', 'absent=0.5');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('"absent"');
});

it('a comparison fails where the model has lost since an earlier report', { timeout: 60_000 }, async () => {
  await inTemporaryFolder(async (folder) => {
    const kept = path.join(folder, 'kept.json');
    const first = await shiftlint('compare', maxPool, '--filter', 'tri-3', '--json');
    await writeFile(kept, first.stdout);
    const against = ['--filter', 'tri-3', '--against', kept];
    expect(await shiftlint('compare', maxPool, ...against)).toMatchObject({ code: 0, stderr: '' });
    const better = first.stdout.replace(/"means": \[\s*[\d.]+/, '"means": [ 1.0200');
    await writeFile(kept, better);
    const lost = await shiftlint('compare', maxPool, ...against);
    expect(lost.code).toBe(1);
    expect(lost.stderr).toMatch(/^\S+: 0\.\d{4}, before 1\.0200\.\n$/);
    await writeFile(kept, '{}');
    expect(await shiftlint('compare', maxPool, ...against)).toMatchObject({ code: 2, stdout: '' });
  });
});
