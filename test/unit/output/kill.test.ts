import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../cli/command-line';
import { jobNames } from './kill/jobs';
import { bundleWriter, killWriters } from './kill/killing';

/** Of every kind; `npm run kills` takes as many as wanted. */
const kills = 4;

let folder: string;
let writer: string;
beforeAll(async () => {
  mkdirSync(path.join(root, 'out'), { recursive: true });
  folder = mkdtempSync(path.join(root, 'out', 'kills-'));
  writer = await bundleWriter(root, folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a writer that is killed at a random moment', () => {
  it.each(jobNames)('%s: what is there is old or new, and the next run leaves nothing else', async (job) => {
    const outcome = await killWriters(root, writer, job, kills, path.join(folder, 'scratch'));
    expect(outcome).toMatchObject({ kills, halves: [], leftovers: [] });
  });
});
