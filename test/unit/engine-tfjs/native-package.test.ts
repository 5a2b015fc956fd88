import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { packagePlaces, placesVariable } from '../../../src/engine/protocol/package-places';
import { loadNative } from '../../../src/engine/runtimes/tfjs/native-package';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with a package of that name in its node_modules. */
function folderWith(code: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-'));
  folders.push(folder);
  const own = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'package.json'), JSON.stringify({ name: '@tensorflow/tfjs-node', main: 'index.js' }));
  writeFileSync(path.join(own, 'index.js'), code);
  return folder;
}

const tensorflow = createRequire(import.meta.url).resolve('@tensorflow/tfjs');
const working = `module.exports = Object.assign(Object.create(require(${JSON.stringify(tensorflow)})), { marker: __dirname });`;
const broken = "throw new Error('libtensorflow.so.2: cannot open shared object file');";
const unbuilt = "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found at path: /somewhere');";

function among(...candidates: readonly { readonly folder: string; readonly place: string }[]): NodeJS.ProcessEnv {
  return { [placesVariable.native]: JSON.stringify(candidates) };
}

describe('looking for tfjs-node', () => {
  it('takes the first place that has one that works, and names it', async () => {
    const [empty, bad, good, other] = [
      mkdtempSync(path.join(tmpdir(), 'shiftlint-')),
      folderWith(broken),
      folderWith(working),
      folderWith(working),
    ];
    folders.push(empty);
    const found = await loadNative(
      among(
        { folder: empty, place: 'nowhere' },
        { folder: bad, place: 'a ruin' },
        { folder: good, place: 'the workspace' },
        { folder: other, place: 'later' },
      ),
    );
    expect(found).toMatchObject({
      ok: true,
      place: 'the workspace',
      tf: { marker: path.join(good, 'node_modules/@tensorflow/tfjs-node') },
    });
  });

  it("takes the package's own folder too", async () => {
    const own = path.join(folderWith(working), 'node_modules/@tensorflow/tfjs-node');
    expect(await loadNative(among({ folder: own, place: 'the setting' }))).toMatchObject({ ok: true, place: 'the setting' });
  });

  it.each([
    { code: broken, reason: 'that of the workspace: tfjs-node did not load: libtensorflow.so.2: cannot open shared object file' },
    { code: unbuilt, reason: 'that of the workspace: tfjs-node is installed without its native addon' },
  ])('says why the one that is there does not load', async ({ code, reason }) => {
    const found = await loadNative(among({ folder: folderWith(code), place: 'the workspace' }));
    // Where this machine has a working one among our own packages, that one serves.
    if (!found.ok) expect(found.reason).toBe(reason);
    else expect(found.place).toBeUndefined();
  });
});

it.each([undefined, '', 'no JSON', '{}', '[1, {"folder": 2}, null]'])('%j names no place', (text) => {
  expect(packagePlaces(text)).toEqual([]);
});
