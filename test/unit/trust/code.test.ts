import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { importsFramework } from '../../../src/code/imports';
import type { CodeFinding, JudgedCode } from '../../../src/code/finding';
import type { CodeLanguage, CodeLintOptions } from '../../../src/code/protocol';
import { ownLibrary } from '../../../src/code/finding';
import { tfjsSpecifier } from '../../../src/code/frameworks/tfjs/specifier';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { codeSession } from '../code/code-session';
import { root } from '../cli/command-line';
import { hostileJavascript, hostilePython, unknownStrides } from './sources';

async function judged(text: string, language: CodeLanguage, severities: CodeLintOptions['severities'] = {}): Promise<JudgedCode> {
  expect(importsFramework(text, language)).toBe(true);
  const session = await codeSession();
  await session.open('hostile', language, text);
  try {
    return session.judge('hostile', { severities });
  } finally {
    session.close('hostile');
  }
}

/** Every one of these programs has a strided layer: a silent nothing would say that it is clean. */
function expectSaid({ findings, notices }: JudgedCode): void {
  expect(findings.length + notices.length).toBeGreaterThan(0);
  for (const { message, severity, offset } of notices) {
    expect({ severity, offset }).toEqual({ severity: 'warning', offset: 0 });
    expect(message).toMatch(/^Judging stopped early: .*\. Layers from line \d+ on .*\.$/);
  }
}

describe('hostile Python', () => {
  it.each(Object.entries(hostilePython))('%s', async (_, text) => {
    expectSaid(await judged(text, 'python'));
  });
});

describe('hostile JavaScript', () => {
  it.each(Object.entries(hostileJavascript))('%s', async (_, text) => {
    expectSaid(await judged(text, 'tsx'));
  });
});

describe('programs whose strides are not known', () => {
  it.each(Object.entries(unknownStrides))('%s: every layer is seen, and listed where the user asks for such', async (_, given) => {
    const [language, text, layers] = given;
    expect(await judged(text, language)).toEqual({ findings: [], notices: [] });
    const { findings, notices } = await judged(text, language, { 'dynamic-stride': 'information' });
    expect(findings.map(({ rule }) => rule)).toEqual(Array.from({ length: layers }, () => 'dynamic-stride'));
    expect(notices).toEqual([]);
  });
});

describe('hostile files', () => {
  const folder = path.join(root, 'test/fixtures/trust/code');
  it.each([
    ['diamond.py', 'python', true],
    ['doubling.py', 'python', false],
    ['doublingstr.py', 'python', false],
    ['expcalls.py', 'python', false],
    ['selfref-append.py', 'python', false],
    ['selfref-list.py', 'python', false],
    ['spread.js', 'tsx', false],
  ] as const)('%s is judged, or said to be judged in part', async (file, language, isWhole) => {
    const result = await judged(readFileSync(path.join(folder, file), 'utf8'), language);
    expectSaid(result);
    expect(result.notices.length === 0).toBe(isWhole);
  });

  describe('on a processor on which every look at the clock costs a tenth of a second', () => {
    beforeEach(() => {
      let now = 0;
      vi.spyOn(Date, 'now').mockImplementation(() => (now += 100));
      vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: now * 1000, system: 0 }));
    });
    afterEach(() => {
      vi.restoreAllMocks();
    });

    it('judging ends after two seconds, at a place that it names', async () => {
      const { findings, notices } = await judged(hostilePython['comprehension of 10^15'] ?? '', 'python');
      expect(findings.length).toBeGreaterThan(0);
      expect(notices.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^Judging stopped early: it takes more than the 2 seconds that judging may take\. Layers from line \d+ on/),
      ]);
    });

    it('a text whose syntax takes too long is said to be unread, and judged again once it is mended', async () => {
      const session = await codeSession();
      const text = `import torch.nn as nn\n${'x = [1, 2, 3]\n'.repeat(20_000)}m = nn.MaxPool2d(2)\n`;
      await session.open('a', 'python', text);
      expect(session.judge('a').notices.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^Judging stopped early: reading its syntax takes/),
      ]);
      vi.restoreAllMocks();
      session.edit('a', [{ offset: text.indexOf('x'), length: 14 * 20_000, text: '' }]);
      expect(session.judge('a')).toMatchObject({ findings: [{ rule: 'strided-max-pool' }], notices: [] });
      session.close('a');
    });
  });

  it('a program of the usual kind is judged whole', async () => {
    expect(await judged('import torch.nn as nn\nm = nn.MaxPool2d(2)\n', 'python')).toMatchObject({ findings: [{}], notices: [] });
  });
});

const context = {
  library: ownLibrary,
  specifiers: { blurpool_torch: 'blurpool_torch', blurpool: './blurpool' },
  filter: blurFilter('tri-3'),
};

/** Found by fuzzing: what a fix asks of a file was looked for anew for each of its layers. */
describe('fixes of a file of thousands of layers', () => {
  const inFunction = (count: number, line: string): string => `    ${`${line}\n    `.repeat(count)}return x\n`;

  it.each([
    ['in a module', 'python', `import torch\nfrom torch.nn import MaxPool2d\n${'m=MaxPool2d(2)\n'.repeat(5000)}`],
    [
      'of one function, which uses one name',
      'python',
      `import torch.nn as nn\ndef f(x):\n${inFunction(5000, 'x=nn.Conv2d(8,8,3,stride=2)(x)')}`,
    ],
    [
      'that read what others wrote',
      'tsx',
      `import * as tf from "@tensorflow/tfjs";\nfunction f(x) {\n${'x=tf.layers.conv2d({filters:8,kernelSize:3,strides:2}).apply(x);\n'.repeat(3000)}return x}\n`,
    ],
  ] as const)('%s', async (_, language, text) => {
    const session = await codeSession();
    await session.open('hostile', language, text);
    const { findings } = session.judge('hostile');
    expect(findings.length).toBeGreaterThan(2000);
    const fix = session.fixAll('hostile', {}, context);
    expect(fix === null || /in \d+ places.*\(of the first 200 layers\)/.test(fix.title)).toBe(true);
    const { rule, range } = findings.at(-1)!;
    expect(session.offers('hostile', { rule, range }, context).fixes.length).toBeGreaterThan(0);
    session.close('hostile');
  });
});

/** Patterns that look for what a text ends with begin at every one of its letters. */
describe('fixes of a layer beside long texts', () => {
  const spaces = ' '.repeat(400_000);

  it('spaces behind it', async () => {
    const session = await codeSession();
    await session.open('hostile', 'python', `import torch.nn as nn\nm=nn.MaxPool2d(2)${spaces};y=1\n`);
    const [{ rule, range }] = session.judge('hostile').findings as [CodeFinding];
    const titles = session.offers('hostile', { rule, range }, context).fixes.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining([expect.stringMatching(/BlurPool/), expect.stringMatching(/[Dd]isable/)]));
    session.close('hostile');
  });

  it('spaces in an import', () => {
    const library = 'import * as tf from "@tensorflow/tfjs-node"\n';
    expect(tfjsSpecifier(`import fs from "node:fs"\nimport${spaces}x\n${library}`)).toBe('@tensorflow/tfjs-node');
    expect(tfjsSpecifier(`const tf = require ( '@tensorflow/tfjs-node-gpu')`)).toBe('@tensorflow/tfjs-node-gpu');
  });
});
