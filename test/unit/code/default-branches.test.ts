import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CodeLanguage } from '../../../src/code/protocol';
import type { CodeSession } from '../../../src/code/session';
import { codeSession } from './code-session';

const cases = path.resolve(import.meta.dirname, '../../fixtures/code/cases');

describe('both sides of a test on a default', () => {
  let session: CodeSession;
  beforeAll(async () => {
    session = await codeSession();
  });

  /** `line rule: the argument that leads there`. */
  async function findings(text: string, language: CodeLanguage = 'python'): Promise<string[]> {
    await session.open('a', language, text);
    const found = session.lint('a');
    session.close('a');
    return found.map(({ rule, range, message }) => {
      const needed = /Only a call with (.*) leads here\.$/.exec(message)?.[1];
      return `${text.slice(0, range.start).split('\n').length} ${rule}${needed === undefined ? '' : `: ${needed}`}`;
    });
  }

  const model = (body: string, parameters: string, call = ''): string =>
    `import torch.nn as nn\nclass Net(nn.Module):\n  def __init__(self, ${parameters}):\n    super().__init__()\n${body
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n')}\n${call}`;

  it('default_branch.py', async () => {
    expect(await findings(readFileSync(path.join(cases, 'default_branch.py'), 'utf8'))).toEqual([
      '11 strided-conv: deep=True',
      '13 strided-max-pool: deep=True',
      '16 strided-conv',
    ]);
  });

  it('stride_guard.py', async () => {
    expect(await findings(readFileSync(path.join(cases, 'stride_guard.py'), 'utf8'))).toEqual([
      '9 strided-conv: stride=2',
      '10 strided-avg-pool: stride=2',
      '11 strided-conv: stride=2',
    ]);
  });

  it.each([
    ['negations', 'if not plain:\n  self.p = nn.MaxPool2d(2)', 'plain=True', ['6 strided-max-pool: plain=False']],
    ['texts', "if pool == 'max':\n  self.p = nn.MaxPool2d(2)", "pool='avg'", ["6 strided-max-pool: pool='max'"]],
    ['membership', "if pool in ('max', 'MAX'):\n  self.p = nn.MaxPool2d(2)", "pool='avg'", ["6 strided-max-pool: pool='max'"]],
    ['nothing', 'if stride is not None:\n  self.p = nn.MaxPool2d(2)', 'stride=None', ['6 strided-max-pool: stride given']],
    ['an early return', 'if not deep:\n  return\nself.p = nn.MaxPool2d(2)', 'deep=False', ['7 strided-max-pool: deep=True']],
    [
      'a number chosen by a test',
      'step = 2 if down else 1\nself.c = nn.Conv2d(3, 8, 3, step)',
      'down=False',
      ['6 strided-conv: down=True'],
    ],
    ['two tests within each other', 'if a:\n  if b:\n    self.p = nn.MaxPool2d(2)', 'a=False, b=0', ['7 strided-max-pool: a=True and b=1']],
    ['either of two', 'if a or b:\n  self.p = nn.MaxPool2d(2)', 'a=False, b=False', ['6 strided-max-pool: a=True']],
    [
      'match',
      "match kind:\n  case 'max':\n    self.p = nn.MaxPool2d(2)\n  case 'none':\n    pass",
      "kind='none'",
      ["7 strided-max-pool: kind='max'"],
    ],
    ['a test that raises', 'if dilation > 1:\n  raise ValueError\nself.c = nn.Conv2d(3, 8, 3)', 'dilation=1', []],
  ])('%s', async (_, body, parameters, expected) => {
    expect(await findings(model(body, parameters))).toEqual(expected);
  });

  it('whatever the file itself gives', async () => {
    const body = 'self.p = nn.MaxPool2d(2) if deep else nn.Conv2d(3, 8, 3, 2)';
    expect(await findings(model(body, 'deep=False', 'net = Net(deep=True)\n'))).toEqual([
      '5 strided-max-pool',
      '5 strided-conv: deep=False',
    ]);
  });

  it('not in what other files cannot call', async () => {
    const text = 'import torch.nn as nn\ndef _pool(deep=False):\n  return nn.MaxPool2d(2) if deep else nn.Identity()\nm = _pool()\n';
    expect(await findings(text)).toEqual([]);
  });

  it('in TypeScript too', async () => {
    const text =
      "import * as tf from '@tensorflow/tfjs';\nexport function block(deep = false) {\n  if (deep) return tf.layers.maxPooling2d({ poolSize: 2 });\n  return tf.layers.reLU();\n}\n";
    expect(await findings(text, 'typescript')).toEqual(['3 strided-max-pool: deep=true']);
  });

  it('follows an edit of the default, and of what is above it', async () => {
    const text = model('if deep:\n  self.p = nn.MaxPool2d(2)', 'deep=False');
    await session.open('a', 'python', text);
    session.lint('a');
    session.edit('a', [{ offset: 0, length: 0, text: '# more\n' }]);
    const [finding] = session.lint('a');
    expect(finding?.related.map(({ range }) => `# more\n${text}`.slice(range.start, range.end))).toEqual(['False']);
    session.close('a');
  });
});
