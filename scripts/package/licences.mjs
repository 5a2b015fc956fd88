import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const texts = path.join(import.meta.dirname, 'licences');

/** What a package's own files are called that say under which terms it is given. */
const ownNames = /^(un)?licen[cs]e|^copying|^notice|^copyright/i;

/**
 * Terms that packages come without: their own, and those of what their binaries hold. The files lie in licences/ beside this one; that of
 * ONNX Runtime's parts is the ThirdPartyNotices.txt of the same version for Python.
 * @type {readonly (readonly [RegExp, readonly string[]])[]}
 */
const kept = [
  [/^@bufbuild\/protobuf$/, ['protobuf-es.txt']],
  [/^@tensorflow\/tfjs/, ['tensorflow.js.txt']],
  [/^@vscode\/l10n$/, ['vscode-l10n.txt']],
  [/^@tensorflow\/tfjs-backend-wasm$/, ['xnnpack.txt', 'emscripten.txt']],
  [/^@jsquash\/webp$/, ['emscripten.txt']],
  [/^(web-)?tree-sitter/, ['icu.txt', 'emscripten.txt']],
  [/^onnxruntime-/, ['onnxruntime.txt']],
  [/^onnxruntime-(node|web)$/, ['onnxruntime-third-party.txt']],
  [/^onnxruntime-web$/, ['emscripten.txt']],
  [/^fast-bmp$/, ['fast-bmp.txt']],
  [/^fft\.js$/, ['fft.js.txt']],
  [/^median-quickselect$/, ['median-quickselect.txt']],
  [/^seedrandom$/, ['seedrandom.txt']],
  [/^tr46$/, ['tr46.txt']],
];

/**
 * A package with its terms.
 * @typedef {object} Licence
 * @property {string} name
 * @property {string} version
 * @property {string} licence as its package.json calls it
 * @property {readonly { title: string, text: string }[]} texts
 */

/**
 * The terms of an installed package.
 * @param {string} folder
 * @returns {Licence}
 * @throws where it has no text, or an empty one
 */
export function licenceOf(folder) {
  /** @type {{ name: string, version: string, license?: string }} */
  const { name, version, license = 'see below' } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const found = [
    ...ownFiles(folder).map((file) => ({ title: path.basename(file), text: readFileSync(file, 'utf8') })),
    ...(name === '@jsquash/webp' ? [codec(folder)] : []),
    ...kept
      .filter(([pattern]) => pattern.test(name))
      .flatMap(([, files]) => files.map((file) => ({ title: file, text: readFileSync(path.join(texts, file), 'utf8') }))),
  ].map(({ title, text }) => ({ title, text: text.replaceAll('\r\n', '\n').trim() }));
  if (found.length === 0 || found.some(({ text }) => text === ''))
    throw new Error(`${name} ${version} has no licence text: put its own into scripts/package/licences, with a line in licences.mjs.`);
  return { name, version, licence: license, texts: found };
}

/** libwebp is compiled into it. @param {string} folder */
function codec(folder) {
  return { title: 'libwebp', text: readFileSync(path.join(folder, 'codec/LICENSE.codec.md'), 'utf8') };
}

/** @param {string} folder */
function ownFiles(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && ownNames.test(entry.name));
  return files.map(({ name }) => path.join(folder, name));
}
