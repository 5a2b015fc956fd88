import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as tfjs from '@tensorflow/tfjs';
import esbuild from 'esbuild';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const require = createRequire(import.meta.url);

/** What a source of TensorFlow.js exports: a model or a function on tensors, and the shape of an input, batch first. */
export interface Program {
  readonly build: () => tfjs.LayersModel | ((...inputs: tfjs.Tensor[]) => tfjs.Tensor | tfjs.Tensor[]) | Promise<tfjs.LayersModel>;
  readonly inputShape: readonly number[] | readonly (readonly number[])[];
}

/** What a program gives for inputs of ones. */
export interface ProgramResult {
  readonly shapes: readonly (readonly number[])[];
  /** Names, without the numbers that count layers, and shapes of the weights, sorted. */
  readonly weights: readonly string[];
}

/** Compiles a source together with our module, wherever it imports it from, and runs it with the installed tfjs. */
export async function load(source: string, loader: 'js' | 'ts' | 'tsx'): Promise<Program> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shiftlint-'));
  const outfile = path.join(folder, 'program.cjs');
  // All variants of tfjs are the one that is installed.
  const installed = require.resolve('@tensorflow/tfjs');
  const plugin: esbuild.Plugin = {
    name: 'programs',
    setup: (build) => {
      build.onResolve({ filter: /^@tensorflow\// }, () => ({ path: installed, external: true }));
      build.onResolve({ filter: /^\.{1,2}\/(?:.*\/)?blurpool(?:\.[cm]?js)?$/ }, () => ({ path: path.join(root, 'templates/blurpool.ts') }));
    },
  };
  const stdin = { contents: source, loader, resolveDir: root };
  try {
    await esbuild.build({
      stdin,
      outfile,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      plugins: [plugin],
    });
    return require(outfile) as Program;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Builds a program's model and runs it on the WASM backend. */
export async function resultOf({ build, inputShape }: Program): Promise<ProgramResult> {
  const tf = require('@tensorflow/tfjs') as typeof tfjs;
  await startWasm(tf);
  const shapes = (typeof inputShape[0] === 'number' ? [inputShape] : inputShape) as number[][];
  const inputs = shapes.map((shape) => tf.ones(shape));
  const model = await build();
  if (typeof model === 'function') return { shapes: [model(...inputs)].flat().map(({ shape }) => shape), weights: [] };
  const [first] = inputs;
  const output = model.predict(inputs.length === 1 && first !== undefined ? first : inputs);
  const weights = model.weights.map(({ originalName, shape }) => `${originalName.replace(/\d+(?=\/)/g, '')} ${shape.join('x')}`);
  return { shapes: [output].flat().map(({ shape }) => shape), weights: weights.sort() };
}

async function startWasm(tf: typeof tfjs): Promise<void> {
  if (tf.getBackend() === 'wasm') return;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(folder: string): void };
  wasm.setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  // A backend that fails to start is replaced silently by a slower one.
  if (!(await tf.setBackend('wasm')) || tf.getBackend() !== 'wasm') throw new Error('The WASM backend of TensorFlow.js did not start.');
}
