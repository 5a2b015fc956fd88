import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Looks at the packages that scripts/package.mjs has made, and installs that for npm. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, '../..'),
  test: { include: ['test/packages/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
