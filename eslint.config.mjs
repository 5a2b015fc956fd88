import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Dependencies point downwards only. Each zone lists what it must not import, with the remedy in the message.
 * `test/unit/layers.test.ts` fails on a source file that belongs to no zone.
 */
/** @type {(patterns: readonly object[]) => import('eslint').Linter.RulesRecord} */
const forbid = (patterns) => ({ 'no-restricted-imports': ['error', { patterns: [...patterns] }] });
const editor = {
  group: ['vscode'],
  message: 'Only src/extension talks to the editor: take what you need as a plain value or a narrow interface.',
};
const node = {
  regex: '^(node:|fs$|path$|os$|child_process$|worker_threads$|crypto$)',
  message: 'This code also runs where Node is absent: receive bytes through ModelSource or a parameter.',
};
const runtimes = {
  regex: '^(onnxruntime-|@tensorflow/)',
  message: 'Only src/engine runs models: describe the work in a MeasurePlan and let an engine execute it.',
};
/** @type {(name: string, remedy: string) => object} */
const layer = (name, remedy) => ({ regex: `(^|/)${name}/`, message: remedy });
const upwards = {
  engine: layer('engine', 'The engine depends on the core, not the other way round: move the shared type into src/core.'),
  code: layer('code', 'The core does not know source code: move the shared type into src/core.'),
  extension: layer('extension', 'The editor shows and asks; nothing below it may know it. Move the logic down.'),
  cli: layer('cli', 'The command line is a leaf: move the logic into src/core or src/engine.'),
  webview: layer('webview', 'Webview code runs in a browser sandbox: share types through src/panel-protocol.'),
};

export default tseslint.config(
  { ignores: ['out/', 'dist/', '**/node_modules/', 'test/fixtures/', 'samples/**/*.json'] },
  js.configs.recommended,
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
  {
    files: ['src/core/**/*.ts'],
    rules: forbid([editor, node, runtimes, upwards.code, upwards.engine, upwards.extension, upwards.cli, upwards.webview]),
  },
  {
    files: ['src/code/**/*.ts'],
    ignores: ['src/code/worker*.ts'],
    rules: forbid([editor, node, runtimes, upwards.engine, upwards.extension, upwards.cli, upwards.webview]),
  },
  { files: ['src/code/worker*.ts'], rules: forbid([editor, runtimes, upwards.engine, upwards.extension, upwards.cli, upwards.webview]) },
  { files: ['src/engine/**/*.ts'], rules: forbid([editor, upwards.code, upwards.extension, upwards.cli, upwards.webview]) },
  { files: ['src/cli/**/*.ts'], rules: forbid([editor, runtimes, upwards.extension, upwards.webview]) },
  { files: ['src/extension/**/*.ts'], rules: forbid([runtimes, upwards.cli, upwards.webview]) },
  { files: ['webview/**/*.ts'], rules: forbid([editor, node, runtimes, upwards.engine, upwards.cli]) },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts', 'samples/**/*.ts'],
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
