import { createRequire } from 'node:module';
import { esbuildWat } from '../wat.mjs';

const require = createRequire(import.meta.url);

/**
 * jsonc-parser's CommonJS build hides its imports from bundlers, its ES modules do not; web-tree-sitter's ES module asks for
 * its own address, which a bundle in CommonJS does not have.
 */
const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js', 'web-tree-sitter': require.resolve('web-tree-sitter') };

/** Native code and its loaders stay packages of their own; the engine finds them beside itself or in node_modules. */
const runtimes = ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-node'];

/**
 * The files that dist/ holds of our own programs: extension host, code worker, engine process, the process that reads for the editor,
 * command line, the process that judges for it, and the pages of model editor and Explain Aliasing.
 * @param {boolean} production minified, without source maps
 * @returns {import('esbuild').BuildOptions[]}
 */
export function bundles(production) {
  const node = inNode(production);
  /** @type {import('esbuild').BuildOptions} */
  const page = { ...shared(production), platform: 'browser', format: 'esm', target: 'es2022', tsconfig: 'webview/tsconfig.json' };
  return [
    { ...node, entryPoints: ['src/extension/activate.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
    { ...node, entryPoints: ['src/code/worker.ts'], outfile: 'dist/code.js' },
    { ...node, entryPoints: ['src/engine/process/main.ts'], outfile: 'dist/engine.js', external: runtimes },
    { ...node, entryPoints: ['src/engine/process/reader.ts'], outfile: 'dist/reader.js' },
    { ...node, entryPoints: ['src/cli/lint/process.ts'], outfile: 'dist/lint.js' },
    { ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
    { ...page, entryPoints: ['webview/main.ts'], outfile: 'dist/webview.js' },
    // Loaded by the page when the network is to be drawn.
    { ...page, entryPoints: ['webview/graph/layered.ts'], outfile: 'dist/graph-layout.js' },
    { ...page, entryPoints: ['webview/explain/main.ts'], outfile: 'dist/explain.js' },
  ];
}

/**
 * The suite that runs inside VS Code, one file a test file so that Mocha can load them.
 * @type {import('esbuild').BuildOptions}
 */
export const tests = {
  ...inNode(false),
  entryPoints: ['test/host/index.ts', 'test/host/suite/*.test.ts', 'test/host/bench/*.test.ts'],
  outbase: 'test',
  outdir: 'out/test',
  external: ['vscode', 'mocha'],
};

/**
 * @param {boolean} production
 * @returns {import('esbuild').BuildOptions}
 */
function inNode(production) {
  return { ...shared(production), platform: 'node', format: 'cjs', target: 'node20', alias };
}

/**
 * @param {boolean} production
 * @returns {import('esbuild').BuildOptions}
 */
function shared(production) {
  return {
    bundle: true,
    minify: production,
    sourcemap: !production,
    // Says which packages a bundle holds, for NOTICE.
    metafile: true,
    logLevel: 'warning',
    // What comments of the sources say of their authors stands in a file beside each bundle.
    legalComments: 'external',
    plugins: [esbuildWat],
  };
}
