import { readFile } from 'node:fs/promises';
import wabt from 'wabt';

/**
 * `import bytes from './x.wat'` gives the assembled WebAssembly module, in bundles and in tests alike.
 * @param {string} file
 */
async function assemble(file) {
  const module = (await wabt()).parseWat(file, await readFile(file), { simd: true });
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** @type {import('esbuild').Plugin} */
export const esbuildWat = {
  name: 'wat',
  setup(build) {
    build.onLoad({ filter: /\.wat$/ }, async ({ path }) => ({ contents: await assemble(path), loader: 'binary' }));
  },
};

/** @type {import('vitest/config').Plugin} */
export const viteWat = {
  name: 'wat',
  enforce: 'pre',
  async load(id) {
    return id.endsWith('.wat') ? `export default Uint8Array.of(${(await assemble(id)).join()});` : undefined;
  },
};
