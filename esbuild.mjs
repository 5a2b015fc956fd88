import { build, watch } from './scripts/build/build.mjs';

/** Builds dist/. Flags: --production (minified, no source maps), --watch, --tests (also out/test: the suite that runs inside VS Code). */
const flags = new Set(process.argv.slice(2));
const options = { production: flags.has('--production'), withTests: flags.has('--tests') };
if (flags.has('--watch')) await watch(options);
else await build(options);
