import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeLintOptions } from '../../../src/code/protocol';
import type { CodeSession } from '../../../src/code/session';
import { codeSession } from '../code/code-session';

/** The one rule about source code alone. */
describe('dynamic-stride', () => {
  let session: CodeSession;
  beforeAll(async () => {
    session = await codeSession();
  });
  afterAll(() => {
    session.dispose();
  });

  const on: CodeLintOptions = { severities: { 'dynamic-stride': 'hint' } };
  const findings = async (stride: string, options: CodeLintOptions) => {
    await session.open('test', 'python', `import torch.nn as nn\nfrom config import config\nnn.Conv2d(3, 8, 3, stride=${stride})`);
    return session.lint('test', options).map(({ rule, severity, message }) => ({ rule, severity, message }));
  };

  it.each([
    ['a stride that another file gives', 'config.stride', on, ['dynamic-stride']],
    ['the same while the rule is off, as it is by default', 'config.stride', {}, []],
    ['a stride of 1', '1', on, []],
    ['a stride of 2, which has a rule of its own', '2', on, ['strided-conv']],
  ])('%s', async (_, stride, options, expected) => {
    expect((await findings(stride, options)).map(({ rule }) => rule)).toEqual(expected);
  });

  it('names the layer, the cause and the remedy', async () => {
    const message = expect.stringMatching(/^The stride of nn\.Conv2d is not known from this file.*give the stride to a BlurPool\.$/);
    expect(await findings('config.stride', on)).toEqual([{ rule: 'dynamic-stride', severity: 'hint', message }]);
  });
});
