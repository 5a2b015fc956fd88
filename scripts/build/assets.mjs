import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import typescript from 'typescript';
import { root } from '../root.mjs';
import { translationsOf } from '../translations/files.mjs';

/**
 * Files of packages that our programs load as they run.
 * @typedef {object} Asset
 * @property {string} name of the package
 * @property {string} folder of the files in it
 * @property {readonly string[]} files
 * @property {string} to where in dist/ they lie
 */

/** @type {readonly Asset[]} */
export const assets = [
  { name: '@jsquash/webp', folder: 'codec/dec', files: ['webp_dec.wasm'], to: '.' },
  {
    name: '@tensorflow/tfjs-backend-wasm',
    folder: 'dist',
    files: ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'],
    to: 'tfjs-wasm',
  },
  { name: '@vscode/codicons', folder: 'dist', files: ['codicon.css', 'codicon.ttf'], to: '.' },
  { name: 'web-tree-sitter', folder: '.', files: ['web-tree-sitter.wasm'], to: 'grammars' },
  { name: 'tree-sitter-python', folder: '.', files: ['tree-sitter-python.wasm'], to: 'grammars' },
  { name: 'tree-sitter-javascript', folder: '.', files: ['tree-sitter-javascript.wasm'], to: 'grammars' },
  { name: 'tree-sitter-typescript', folder: '.', files: ['tree-sitter-typescript.wasm', 'tree-sitter-tsx.wasm'], to: 'grammars' },
];

/**
 * Where a package is installed.
 * @param {string} name
 */
export function packageFolder(name) {
  return path.join(root, 'node_modules', name);
}

/** Puts into dist/ what our programs load there. */
export async function copyAssets() {
  for (const { name, folder, files, to } of assets)
    for (const file of files) await cp(path.join(packageFolder(name), folder, file), path.join('dist', to, file));
  await copyTemplates();
  await writeTranslations();
}

/** The BlurPool modules that fixes put into a workspace, and the recovery scripts; the TypeScript one also as ES module and as CommonJS. */
async function copyTemplates() {
  await mkdir('dist/templates', { recursive: true });
  for (const file of (await readdir('templates')).filter((name) => /\.(py|ts)$/.test(name))) {
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
