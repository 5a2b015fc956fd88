import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { launchBrowser } from '../../test/host/browser.mjs';

/** Steps of the strip, with the words above each. */
const steps = [
  ['code', '1 · Found as you type'],
  ['maps', '2 · Measured over every shift'],
  ['graph', '3 · Seen in the network'],
  ['compare-table', '4 · Fixed, recovered, compared'],
];

/** Pixels of a step's picture in the strip. */
const size = { width: 600, height: 375 };

/**
 * Puts the steps beside each other to media/journey.png, and the shown ones to media/ as they are.
 *
 * @param {string} from folder of the pictures
 * @param {string} to
 * @param {readonly string[]} shown
 */
export async function drawStrip(from, to, shown) {
  await mkdir(to, { recursive: true });
  const figures = await Promise.all(
    steps.map(async ([name, words]) => {
      const picture = (await readFile(path.join(from, `${name}.png`))).toString('base64');
      return `<figure><figcaption>${words}</figcaption><img src="data:image/png;base64,${picture}" alt=""></figure>`;
    }),
  );
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ deviceScaleFactor: 1 });
    await page.setContent(`<style>
      body { margin: 0; width: max-content; display: grid; grid-template-columns: repeat(2, auto); gap: 12px; padding: 12px; background: #fff }
      figure { margin: 0 }
      figcaption { font: 600 15px system-ui, sans-serif; color: #1f2328; margin: 0 0 6px }
      img { width: ${size.width}px; height: ${size.height}px; border: 1px solid #d0d7de; border-radius: 6px }
    </style>${figures.join('')}`);
    await page.locator('body').screenshot({ path: path.join(to, 'journey.png') });
  } finally {
    await browser.close();
  }
  for (const name of shown) await cp(path.join(from, `${name}.png`), path.join(to, `${name}.png`));
}
