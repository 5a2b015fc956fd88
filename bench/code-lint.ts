import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CodeRequests } from '../src/code/protocol';
import { CodeWorkerClient } from '../src/code/worker-client';
import { median, report, timed, type Figure } from './figures';

const root = process.cwd();
const lines = 5000;

/**
 * A Python file of 5,000 lines: sources of the test corpus one after another, models among code without any, again and again,
 * with names of their own in every round, so that each class and function counts. The corpus is terse; published model code
 * explains itself, so every class and function gets a docstring of the usual length.
 */
function longSource(): string {
  const corpus = path.join(root, 'test/fixtures/code');
  const models = ['torch', 'keras'].flatMap((name) => readdirSync(path.join(corpus, name)).map((file) => path.join(corpus, name, file)));
  const others = ['numpy_strides.py', 'keras_mlp_rnn.py', 'torch_no_cnn.py', 'transformer.py'].map((file) =>
    path.join(corpus, 'quiet', file),
  );
  const files = [...models, ...others].filter((file) => file.endsWith('.py') && !file.includes('syntax_error'));
  const sources = files.sort((a, b) => path.basename(a).localeCompare(path.basename(b))).map((file) => readFileSync(file, 'utf8'));
  let text = '';
  for (let round = 0; text.split('\n').length < lines; round++) {
    const source = sources[round % sources.length] ?? '';
    const names = [...source.matchAll(/^(?:(?:class|def) (\w+)|(\w+)(?:: \w+)? = )/gm)].map(
      ([, defined, assigned]) => defined ?? assigned ?? '',
    );
    text += `${names.length === 0 ? source : source.replace(new RegExp(`\\b(?:${names.join('|')})\\b`, 'g'), (name) => `${name}_${round}`)}\n\n`;
  }
  return explained(text).split('\n').slice(0, lines).join('\n');
}

function explained(text: string): string {
  const docstring = [
    'Builds one stage of the network.',
    '',
    'Args:',
    '    inputs: a batch of feature maps.',
    '    width: number of channels.',
    '',
    'Returns:',
    '    The maps that the next stage reads.',
  ];
  return text.replace(
    /^( *)(?:class|def) .*:(?: *#.*)?$/gm,
    (head, indent: string) =>
      `${head}\n${['"""', ...docstring, '"""'].map((line) => (line === '' ? '' : `${indent}    ${line}`)).join('\n')}`,
  );
}

/** Places where someone types another digit, spread over the file. */
function typedAt(text: string, count: number): number[] {
  const places = [...text.matchAll(/(?:stride|kernel_size|padding)=(?=\d)/g)].map(({ index, 0: { length } }) => index + length);
  return Array.from({ length: count }, (_, n) => places[Math.floor((n * places.length) / count)] ?? 0);
}

/** The first runs warm up the compiler. */
const warmUp = 20;

async function main(): Promise<void> {
  const text = longSource();
  const opened = { document: 'long', language: 'python' as const, text };
  const client = new CodeWorkerClient({ modulePath: path.join(root, 'dist/code.js'), documents: () => [opened] });
  const lint = () => client.request('lint', { document: 'long', options: {} });
  const openAndLint = async () => {
    await client.request('open', opened);
    return lint();
  };
  const [cold = NaN] = await timed(1, openAndLint);
  await timed(warmUp, openAndLint);
  const full = await timed(25, openAndLint);
  const { length: findings } = (await lint()).findings;
  // Later places first, so that what has been typed does not move the next one.
  const places = typedAt(text, warmUp + 40).reverse();
  const edits = await timed(places.length, async (run) => {
    const edit = { offset: places[run] ?? 0, length: 0, text: '1' };
    void client.request('edit', { document: 'long', edits: [edit] });
    await lint();
  });
  const blocked = await blockedFor(client, opened);
  client.dispose();
  const figures: Figure[] = [
    { what: `full lint of ${lines} lines of Python (${findings} findings), cold`, value: cold, unit: 'ms', limit: null },
    { what: `full lint of ${lines} lines of Python, median`, value: median(full), unit: 'ms', limit: 60 },
    { what: 'an edit in it until its findings are there, median', value: median(edits.slice(warmUp)), unit: 'ms', limit: 10 },
    { what: 'the host is blocked for, at most, while it is linted', value: blocked, unit: 'ms', limit: 16 },
  ];
  if (!report(figures)) process.exitCode = 1;
}

/** Longest time for which this thread could not answer while the worker opens, edits and judges, as the editor has it do. */
async function blockedFor(client: CodeWorkerClient, opened: CodeRequests['open']): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (const offset of typedAt(opened.text, 40)) {
    void client.request('open', opened);
    void client.request('edit', { document: 'long', edits: [{ offset, length: 0, text: '1' }] });
    await client.request('lint', { document: 'long', options: {} });
  }
  delay.disable();
  // The monitor's own step is part of what it measures.
  return delay.max / 1e6 - 1;
}

void main();
