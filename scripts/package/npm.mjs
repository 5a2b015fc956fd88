import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../root.mjs';
import { stage } from './stage.mjs';
import { packageFile } from './targets.mjs';

/** What the command line and its processes load. */
const programs = ['dist/cli.js', 'dist/lint.js', 'dist/engine.js'];
const folders = ['dist/grammars', 'dist/templates', 'dist/tfjs-wasm', 'docs/rules'];
const others = ['dist/engine.js.LEGAL.txt', 'dist/webp_dec.wasm', 'schemas/shiftlint.schema.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];

/**
 * Makes the npm package of the command line: no dependencies and no install script, ONNX Runtime on WebAssembly inside.
 * @param {ReadonlyMap<string, readonly string[]>} bundled the folders of the packages that each bundle holds
 * @returns {Promise<string>} the file
 */
export async function packageForNpm(bundled) {
  const files = [...programs, ...others, ...folders.flatMap((folder) => filesBelow(folder))];
  const folder = await stage('npm', files, bundled);
  const manifest = npmManifest(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const words = ['pack', '--silent', '--ignore-scripts', '--pack-destination', path.join(root, 'out')];
  const { status, stderr } = spawnSync('npm', words, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  return packageFile('npm', manifest.version);
}

/**
 * What of package.json npm takes over.
 * @typedef {{ version: string, description: string, license: string, keywords: string[] }} Description
 * @typedef {{ engines: { node: string }, dependencies: Record<string, string> }} Needs
 */

/**
 * What npm has to know, from what the gallery knows.
 * @param {Description & Needs} ours
 */
export function npmManifest({ version, description, license, keywords, engines, dependencies }) {
  return {
    name: 'shiftlint',
    version,
    description,
    license,
    keywords,
    bin: { shiftlint: 'dist/cli.js' },
    engines: { node: engines.node },
    // Taken where it is installed; it is several hundred megabytes for all platforms together, so nobody gets it unasked.
    peerDependencies: { 'onnxruntime-node': `~${dependencies['onnxruntime-node']}` },
    peerDependenciesMeta: { 'onnxruntime-node': { optional: true } },
  };
}

/** @param {string} folder from the root */
function filesBelow(folder) {
  return readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`);
}
