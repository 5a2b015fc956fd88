import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { commentWidth } from './scripts/lint/comment-width.mjs';
import { translated } from './scripts/lint/translated.mjs';
import { translatedCalls } from './scripts/lint/translated-calls.mjs';
import { zoneRule } from './scripts/lint/zone-rule.mjs';

/** Rules of our own: which folder may import which stands in scripts/lint/zones.mjs. */
const shiftlint = { rules: { zones: zoneRule, 'comment-width': commentWidth, translated, 'translated-calls': translatedCalls } };

export default tseslint.config(
  { ignores: ['out/', 'dist/', '**/node_modules/', 'test/fixtures/', 'samples/**/*.json'] },
  js.configs.recommended,
  { plugins: { shiftlint }, rules: { 'shiftlint/comment-width': 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['src/**/*.ts', 'webview/**/*.ts', 'templates/**/*.ts'], rules: { 'shiftlint/zones': 'error' } },
  { files: ['webview/**/*.ts'], rules: { 'shiftlint/translated': 'error' } },
  { files: ['src/extension/**/*.ts'], rules: { 'shiftlint/translated-calls': 'error' } },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts', 'samples/**/*.ts', 'study/study.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'no-console': 'off' },
  },
  {
    // Matchers such as expect.stringContaining are typed `any` by the test runner.
    files: ['test/unit/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-argument': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        SharedArrayBuffer: 'readonly',
        Atomics: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);
