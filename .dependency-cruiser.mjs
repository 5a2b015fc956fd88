import path from 'node:path';

/**
 * No import cycle, type-only imports included: `npm run cycles`.
 *
 * src/code/evaluate/interpreter is the one exception, an interpreter's honest recursion: an expression holds calls, a call
 * runs a function's statements, and statements hold expressions. Only cycles within that folder are left alone; one that
 * leaves it is reported.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Move what both sides need into a module below them, or hand it over as a parameter.',
      severity: 'error',
      from: { pathNot: '^src/code/evaluate/interpreter/' },
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: path.join(import.meta.dirname, 'tsconfig.base.json') },
    doNotFollow: { path: 'node_modules' },
    // The package esbuild is taken for the script of that name.
    exclude: { path: '^(test/fixtures|test/host/node_modules|samples/model-code)/|^esbuild\\.mjs$' },
  },
};
