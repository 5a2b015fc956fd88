import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tensors } from '../../../src/core/recover/tensor-store';
import { SpillingStore } from '../../../src/engine/process/recover/spilling-store';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Two tensors of 12 and 8 numbers, 80 bytes; one is a part of a larger array. */
function tensors(seed: number): Tensors {
  const numbers = Float32Array.from({ length: 20 }, (_, index) => Math.sin(seed + index));
  return new Map([
    ['a', { data: numbers.slice(0, 12), dims: [2, 6] }],
    ['b', { data: numbers.subarray(12), dims: [2, 2, 2] }],
  ]);
}

function files(): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.includes(path.sep));
}

describe('a store of tensors', () => {
  it('gives back what was put last, from memory up to its limit and from files beyond', async () => {
    const store = new SpillingStore(200, folder);
    for (const key of [1, 2, 3, 4]) await store.put(`${key}`, tensors(key));
    for (const key of [1, 2, 3, 4]) expect(await store.get(`${key}`)).toEqual(tensors(key));
    expect(files()).toHaveLength(2);
    for (const key of [4, 3, 2, 1]) await store.put(`${key}`, tensors(10 * key));
    for (const key of [1, 2, 3, 4]) expect(await store.get(`${key}`)).toEqual(tensors(10 * key));
    await store.dispose();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('moves what exceeds a lower limit to files, and forgets what is removed', async () => {
    const store = new SpillingStore(1000, folder);
    for (const key of [1, 2, 3]) await store.put(`${key}`, tensors(key));
    expect(files()).toEqual([]);
    await store.limit(100);
    expect(files()).toHaveLength(2);
    for (const key of [1, 2, 3]) expect(await store.get(`${key}`)).toEqual(tensors(key));
    for (const key of [1, 2, 3]) await store.remove(`${key}`);
    expect(files()).toEqual([]);
    await expect(store.get('2')).rejects.toThrow('There are no tensors "2".');
    await store.dispose();
  });

  it('says in one sentence where the disk does not take it', async () => {
    const store = new SpillingStore(0, folder);
    await store.put('1', tensors(1));
    await store.get('1');
    rmSync(folder, { recursive: true });
    await store.put('2', tensors(2));
    await expect(store.get('2')).rejects.toThrow(
      /^What exceeds the memory budget could not be kept in ".*" \(.*\): make room there, .*\.$/,
    );
    await store.dispose();
  });

  it('deletes what processes that have ended left behind, and nothing else', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const others = [`shiftlint-recovery-${pid}-abcdef`, `shiftlint-recovery-${process.ppid}-abcdef`, 'shiftlint-recovery-notes'];
    for (const name of others) {
      mkdirSync(path.join(folder, name));
      writeFileSync(path.join(folder, name, '0'), 'x');
    }
    const store = new SpillingStore(0, folder);
    await store.put('1', tensors(1));
    await store.dispose();
    expect(others.map((name) => existsSync(path.join(folder, name)))).toEqual([false, true, true]);
  });
});
