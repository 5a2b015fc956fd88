import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { root } from './root.mjs';

/**
 * Makes out/shiftlint-<platform>.vsix for the platform it runs on: minified bundles, and of ONNX Runtime the binaries of
 * this platform only (the WebAssembly build where there are none).
 */
const target = `${process.platform}-${process.arch}`;
const packages = path.join(root, 'node_modules');
const bundled = path.join(root, 'dist/node_modules');

await rm(path.join(root, 'dist'), { recursive: true, force: true });
run(['esbuild.mjs', '--production']);
await copyRuntime();
await mkdir(path.join(root, 'out'), { recursive: true });
const vsix = path.join(root, 'out', `shiftlint-${target}.vsix`);
run(['node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--no-rewrite-relative-links', '--target', target, '--out', vsix]);
const { size } = await stat(vsix);
console.log(`${path.relative(root, vsix)}: ${(size / 1024 / 1024).toFixed(1)} MB`);

async function copyRuntime() {
  await copy('onnxruntime-common', ['package.json', 'dist/cjs']);
  const binaries = path.join('bin/napi-v6', process.platform, process.arch);
  if (existsSync(path.join(packages, 'onnxruntime-node', binaries))) await copy('onnxruntime-node', ['package.json', 'dist', binaries]);
  else
    await copy('onnxruntime-web', [
      'package.json',
      'dist/ort.node.min.js',
      'dist/ort-wasm-simd-threaded.mjs',
      'dist/ort-wasm-simd-threaded.wasm',
    ]);
}

/** @type {(name: string, parts: readonly string[]) => Promise<void>} */
async function copy(name, parts) {
  for (const part of parts) {
    await cp(path.join(packages, name, part), path.join(bundled, name, part), {
      recursive: true,
      filter: (file) => !/\.(map|d\.ts)$/.test(file) && !/providers_(cuda|tensorrt)/.test(file),
    });
  }
}

/** @param {readonly string[]} words */
function run(words) {
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
