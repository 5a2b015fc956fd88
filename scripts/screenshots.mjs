import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Workbench, themes } from '../test/e2e/workbench.mjs';
import { root } from './root.mjs';
import { drawStrip } from './screenshots/strip.mjs';
import { takeJourney } from './screenshots/journey.mjs';

/**
 * `npm run screenshots` takes the README's pictures anew, from the packaged extension on the sample; with `--all` it takes every
 * step in three themes at two sizes into out/screenshots, for looking at before a release.
 */
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

/** Steps of the journey that the README shows one by one, by what the files are called there. */
const shown = ['code', 'equivariance', 'enlarged', 'compare'];

if (process.argv.includes('--all')) {
  for (const [name, theme] of Object.entries(themes))
    for (const size of sizes) await take(path.join(root, 'out/screenshots', `${name}-${size.width}`), theme, size);
} else {
  const folder = path.join(root, 'out/screenshots/readme');
  await take(folder, themes.light, sizes[0]);
  await drawStrip(folder, path.join(root, 'media'), shown);
}

/** @type {(folder: string, theme: string, size: { width: number, height: number } | undefined) => Promise<void>} */
async function take(folder, theme, size) {
  await mkdir(folder, { recursive: true });
  const workbench = await Workbench.open({ theme, ...(size && { size }) });
  try {
    await takeJourney(workbench, folder);
  } finally {
    await workbench.close();
  }
}
