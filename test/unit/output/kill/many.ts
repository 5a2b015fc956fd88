import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { jobNames } from './jobs';
import { bundleWriter, killWriters } from './killing';

/** Kills writers of every kind of model at random moments: `npm run kills [-- COUNT]`. Fails where a file is half written or left over. */
async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 500);
  const root = process.cwd();
  const folder = await mkdtemp(path.join(root, 'out', 'kills-'));
  let [kills, inTheMiddle, halves, leftovers] = [0, 0, 0, 0];
  try {
    const writer = await bundleWriter(root, folder);
    for (const [index, job] of jobNames.entries()) {
      const share = Math.floor(((index + 1) * count) / jobNames.length) - Math.floor((index * count) / jobNames.length);
      const outcome = await killWriters(root, writer, job, share, path.join(folder, 'scratch'));
      console.log(
        `${job}: ${outcome.kills} kills, ${outcome.inTheMiddle} with temporary files, ${outcome.halves.length} half-written, ${outcome.leftovers.length} left over`,
      );
      for (const file of [...outcome.halves, ...outcome.leftovers]) console.log(`  ${file}`);
      kills += outcome.kills;
      inTheMiddle += outcome.inTheMiddle;
      halves += outcome.halves.length;
      leftovers += outcome.leftovers.length;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`${kills} kills, ${inTheMiddle} with temporary files, ${halves} half-written, ${leftovers} left over`);
  process.exitCode = halves + leftovers === 0 ? 0 : 1;
}

void main();
