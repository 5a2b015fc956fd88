import { defineConfig } from 'vitest/config';
import { viteWat } from './scripts/wat.mjs';

export default defineConfig({
  plugins: [viteWat],
  test: {
    include: ['test/unit/**/*.test.ts'],
    setupFiles: ['test/unit/setup.ts'],
    // Native runtimes do not like worker threads that end while they work.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
