import path from 'node:path';
import { root } from '../root.mjs';

/**
 * What a target carries of ONNX Runtime, from node_modules; without source maps and type declarations.
 * @typedef {object} RuntimePart
 * @property {string} name of the package
 * @property {readonly string[]} files files and folders in it
 */

/** The CPU and WebGPU runtime of each platform; what it needs stands in the tables of its own imports. */
const binaries = {
  'linux-x64': ['linux/x64', ['onnxruntime_binding.node', 'libonnxruntime.so.1']],
  'linux-arm64': ['linux/arm64', ['onnxruntime_binding.node', 'libonnxruntime.so.1']],
  // The library is there twice; the binding asks for it by this name.
  'darwin-arm64': ['darwin/arm64', ['onnxruntime_binding.node', 'libonnxruntime.1.dylib']],
  // DirectML is loaded for its own provider alone, which nothing here uses; WebGPU compiles its shaders by dxcompiler.
  'win32-x64': ['win32/x64', ['onnxruntime_binding.node', 'onnxruntime.dll', 'dxcompiler.dll', 'dxil.dll']],
};

/**
 * The engine loads it by `import`, so as ES modules; the native one is in CommonJS.
 * @type {readonly RuntimePart[]}
 */
const wasm = [
  { name: 'onnxruntime-common', files: ['package.json', 'dist/esm'] },
  {
    name: 'onnxruntime-web',
    files: ['package.json', 'dist/ort.node.min.mjs', 'dist/ort-wasm-simd-threaded.mjs', 'dist/ort-wasm-simd-threaded.wasm'],
  },
];

/** @type {(folder: string, files: readonly string[]) => readonly RuntimePart[]} */
const native = (folder, files) => [
  { name: 'onnxruntime-common', files: ['package.json', 'dist/cjs'] },
  { name: 'onnxruntime-node', files: ['package.json', 'dist', ...files.map((file) => `bin/napi-v6/${folder}/${file}`)] },
];

/**
 * What is packaged, and its runtime: extensions for platforms that have one of their own, for Alpine, whose C library the binaries do not
 * run on, and for every other; and the command line for npm, which installs for all platforms alike.
 * @type {ReadonlyMap<string, readonly RuntimePart[]>}
 */
export const targets = new Map([
  ...Object.entries(binaries).map(
    ([target, [folder, files]]) =>
      /** @type {const} */ ([target, native(/** @type {string} */ (folder), /** @type {readonly string[]} */ (files))]),
  ),
  ['alpine-x64', wasm],
  ['universal', wasm],
  ['npm', wasm],
]);

/**
 * The target that serves this machine's VS Code.
 * @param {string} platform
 * @param {boolean} musl whether its C library is that of Alpine
 */
export function ownTarget(platform = `${process.platform}-${process.arch}`, musl = hasMusl()) {
  const target = musl ? platform.replace('linux', 'alpine') : platform;
  return targets.has(target) ? target : 'universal';
}

function hasMusl() {
  if (process.platform !== 'linux') return false;
  /** @type {{ header?: { glibcVersionRuntime?: string } }} */
  const report = process.report.getReport();
  return report.header?.glibcVersionRuntime === undefined;
}

/**
 * Where a target's package is written.
 * @param {string} target
 * @param {string} version of the npm package
 */
export function packageFile(target, version = '') {
  return path.join(root, 'out', target === 'npm' ? `shiftlint-${version}.tgz` : `shiftlint-${target}.vsix`);
}

/** Where the files of a target are put together. @param {string} target */
export function stageFolder(target) {
  return path.join(root, 'out/package', target);
}
