import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import esbuild from 'esbuild';
import typescript from 'typescript';
import { translationsOf } from './scripts/translations/files.mjs';
import { esbuildWat } from './scripts/wat.mjs';

/**
 * Builds dist/: extension host, code worker, engine process, command line, the process that judges for it, and
 * the pages of model editor and Explain Aliasing, each one file, and the assets they load at run time.
 * Flags: --production (minified, no source maps), --watch, --tests (also out/test: the suite that runs inside VS Code).
 */
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const require = createRequire(import.meta.url);

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
  // The licences of what is bundled travel with it, in a file beside each bundle.
  legalComments: 'external',
  plugins: [esbuildWat],
};

/**
 * jsonc-parser's CommonJS build hides its imports from bundlers, its ES modules do not; web-tree-sitter's ES module asks for
 * its own address, which a bundle in CommonJS does not have.
 */
const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js', 'web-tree-sitter': require.resolve('web-tree-sitter') };

/** @type {import('esbuild').BuildOptions} */
const inNode = { ...shared, platform: 'node', format: 'cjs', target: 'node20', alias };

/** @type {import('esbuild').BuildOptions} */
const inPage = { ...shared, platform: 'browser', format: 'esm', target: 'es2022', tsconfig: 'webview/tsconfig.json' };

/** Native code and its loaders stay packages of their own; the engine finds them beside itself or in node_modules. */
const runtimes = ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-node'];

/** @type {import('esbuild').BuildOptions[]} */
const builds = [
  { ...inNode, entryPoints: ['src/extension/activate.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  { ...inNode, entryPoints: ['src/code/worker.ts'], outfile: 'dist/code.js' },
  { ...inNode, entryPoints: ['src/engine/process/main.ts'], outfile: 'dist/engine.js', external: runtimes },
  { ...inNode, entryPoints: ['src/engine/process/reader.ts'], outfile: 'dist/reader.js' },
  { ...inNode, entryPoints: ['src/cli/lint/process.ts'], outfile: 'dist/lint.js' },
  { ...inNode, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  { ...inPage, entryPoints: ['webview/main.ts'], outfile: 'dist/webview.js' },
  // Loaded by the page when the network is to be drawn.
  { ...inPage, entryPoints: ['webview/graph/layered.ts'], outfile: 'dist/graph-layout.js' },
  { ...inPage, entryPoints: ['webview/explain/main.ts'], outfile: 'dist/explain.js' },
];

/**
 * The suite that runs inside VS Code, one file a test file so that Mocha can load them.
 * @type {import('esbuild').BuildOptions}
 */
const tests = {
  ...inNode,
  sourcemap: true,
  entryPoints: ['test/host/index.ts', 'test/host/suite/*.test.ts', 'test/host/bench/*.test.ts'],
  outbase: 'test',
  outdir: 'out/test',
  external: ['vscode', 'mocha'],
};

const tensorflowWasm = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

async function copyAssets() {
  const packageFolder = (/** @type {string} */ name) => path.dirname(require.resolve(`${name}/package.json`));
  const wasm = path.join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'dist');
  const codicons = path.join(packageFolder('@vscode/codicons'), 'dist');
  await cp(path.join(packageFolder('@jsquash/webp'), 'codec/dec/webp_dec.wasm'), 'dist/webp_dec.wasm');
  for (const file of tensorflowWasm) await cp(path.join(wasm, file), path.join('dist/tfjs-wasm', file));
  for (const file of ['codicon.css', 'codicon.ttf']) await cp(path.join(codicons, file), path.join('dist', file));
  for (const [name, file] of grammars) {
    const grammar = require.resolve(`${name}/${file}`);
    await cp(grammar, path.join('dist/grammars', file));
    await cp(path.join(path.dirname(grammar), 'LICENSE'), path.join('dist/grammars', `${name}.LICENSE.txt`));
  }
  // Its bundle only names the licence.
  await cp(path.join(packageFolder('@dagrejs/dagre'), 'LICENSE'), 'dist/graph-layout.js.LICENSE.txt');
  await copyTemplates();
  await writeTranslations();
}

/** Packages and their WebAssembly. */
const grammars = /** @type {const} */ ([
  ['web-tree-sitter', 'web-tree-sitter.wasm'],
  ['tree-sitter-python', 'tree-sitter-python.wasm'],
  ['tree-sitter-javascript', 'tree-sitter-javascript.wasm'],
  ['tree-sitter-typescript', 'tree-sitter-typescript.wasm'],
  ['tree-sitter-typescript', 'tree-sitter-tsx.wasm'],
]);

/** The BlurPool modules that fixes put into a workspace, and the recovery scripts; the TypeScript one also as ES module and as CommonJS. */
async function copyTemplates() {
  await mkdir('dist/templates', { recursive: true });
  for (const file of (await readdir('templates')).filter((name) => /^(blurpool|recover_).*\.(py|ts)$/.test(name))) {
    await cp(path.join('templates', file), path.join('dist/templates', file));
  }
  const source = await readFile('templates/blurpool.ts', 'utf8');
  const header = /^(?:\/\/.*\n)+/.exec(source)?.[0] ?? '';
  for (const [file, module] of /** @type {const} */ ([
    ['blurpool.js', 'ESNext'],
    ['blurpool.cjs', 'CommonJS'],
  ])) {
    const { outputText } = typescript.transpileModule(source.slice(header.length), {
      compilerOptions: { module: typescript.ModuleKind[module], target: typescript.ScriptTarget.ES2020 },
    });
    // The first line tells that the file is ours, so it stays the first.
    await writeFile(path.join('dist/templates', file), header + outputText);
  }
}

/** Our texts in other languages, as VS Code wants them: one file a language. */
async function writeTranslations() {
  await mkdir('dist/l10n', { recursive: true });
  for (const language of await readdir('l10n')) {
    await writeFile(`dist/l10n/bundle.l10n.${language}.json`, JSON.stringify(Object.assign({}, ...translationsOf(language).values())));
  }
}

const chosen = flags.has('--tests') ? [...builds, tests] : builds;
await rm('dist', { recursive: true, force: true });
await copyAssets();
if (flags.has('--watch')) {
  for (const options of chosen) await (await esbuild.context(options)).watch();
} else {
  await Promise.all(chosen.map((options) => esbuild.build(options)));
}
