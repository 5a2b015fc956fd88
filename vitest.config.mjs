import { defineConfig } from 'vitest/config';
import { viteWat } from './scripts/wat.mjs';

const everything = 'test/unit/**/*.test.ts';

/** Tests that put something else in a module's place, or look at what one has loaded: each file needs modules of its own. */
const isolated = ['devices', 'engine-calls', 'field', 'formats', 'output', 'recover', 'trust'].map(
  (folder) => `test/unit/${folder}/**/*.test.ts`,
);

export default defineConfig({
  plugins: [viteWat],
  test: {
    setupFiles: ['test/unit/setup.ts'],
    // Native runtimes do not like worker threads that end while they work.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'isolated', include: isolated } },
      // The others share what a process has loaded, which takes a third of the time that loading it anew does.
      { extends: true, test: { name: 'shared', include: [everything], exclude: isolated, isolate: false } },
    ],
  },
});
