import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { importsFramework } from '../../../src/code/imports';
import type { CodeSession } from '../../../src/code/session';
import { codeSession } from './code-session';

const fixture = (name: string) => readFileSync(path.resolve(import.meta.dirname, '../../fixtures/code/yaml', name), 'utf8');
const context = { library: 'shiftlint', specifiers: {}, filter: { label: 'Tri-3', taps: [0.25, 0.5, 0.25] } };

describe('model descriptions in YAML', () => {
  let session: CodeSession;
  beforeAll(async () => {
    session = await codeSession();
  });

  async function found(text: string): Promise<string[]> {
    await session.open('a', 'yaml', text);
    return session.lint('a').map(({ rule, range, callee, kernel, stride }) => {
      const line = text.slice(0, range.start).split('\n').length;
      return `${line} ${rule} ${callee} ${kernel.join('x')} by ${stride.join('x')}`;
    });
  }

  it('as yolov5 has them', async () => {
    const text = fixture('yolov5-style.yaml');
    expect(importsFramework(text, 'yaml')).toBe(true);
    expect(await found(text)).toEqual([
      '11 strided-conv Conv 6x6 by 2x2',
      '12 strided-conv Conv 3x3 by 2x2',
      '14 space-to-depth Focus 1x1 by 2x2',
      '22 strided-conv Conv 3x3 by 2x2',
    ]);
  });

  it('as ultralytics and yolov7 have them, with a comment that silences a rule', async () => {
    const text = fixture('yolov8-style.yaml');
    expect(importsFramework(text, 'yaml')).toBe(true);
    expect(await found(text)).toEqual([
      '7 strided-conv Conv 3x3 by 2x2',
      '9 strided-conv SCDown 3x3 by 2x2',
      '10 strided-conv ADown 3x3 by 2x2',
      '12 strided-max-pool MP 2x2 by 2x2',
      '16 strided-conv ResNetLayer 3x3 by 2x2',
    ]);
  });

  it('a finding covers its row, and edits move it', async () => {
    const text = fixture('yolov5-style.yaml');
    await session.open('a', 'yaml', text);
    const [before] = session.lint('a');
    expect(text.slice(before?.range.start, before?.range.end)).toBe('[-1, 1, Conv, [64, 6, 2, 2]]');
    const at = text.indexOf('[64, 6, 2, 2]');
    session.edit('a', [
      { offset: 0, length: 0, text: '#\n' },
      { offset: at + 2, length: '[64, 6, 2, 2]'.length, text: '[64, 6, 1, 2]' },
    ]);
    expect(session.lint('a')).toHaveLength(3);
  });

  it('has no blur that the project has not registered, and says so; comments silence it', async () => {
    const text = fixture('yolov5-style.yaml');
    await session.open('a', 'yaml', text);
    const [finding] = session.lint('a');
    if (finding === undefined) throw new Error('There is nothing to fix.');
    const { fixes, refusal } = session.offers('a', { rule: finding.rule, range: finding.range }, context);
    expect(refusal).toMatch(/parse_model/);
    expect(fixes.map(({ kind }) => kind)).toEqual(['disable-line', 'disable-file']);
    for (const { edits } of fixes) {
      await session.open('b', 'yaml', text);
      session.edit('b', edits);
      expect(session.lint('b').some(({ range }) => range.start === finding.range.start)).toBe(false);
    }
    expect(session.fixAll('a', {}, context)).toBeNull();
  });

  it.each([
    ['a workflow', 'on: push\njobs:\n  build:\n    steps: [{ run: make }]\n'],
    ['a list called backbone', 'backbone:\n  - resnet18\n  - [1, 2, 3]\n'],
    ['rows elsewhere', 'table:\n  - [-1, 1, Conv, [64, 3, 2]]\n'],
  ])('leaves %s alone', (_, text) => {
    expect(importsFramework(text, 'yaml')).toBe(false);
  });

  it.each([
    'backbone: [[-1, 1, Conv, [64, 3, 2',
    'backbone: &a [*a, [-1, 1, Conv, [*a, 3, 2]]]\n',
    'a: 1\n---\nbackbone: [[-1, 1, Conv, [1, 3, 2]]]\n',
    '\t- [-1, 1, Conv, [1]]',
  ])('is not thrown by %s', async (text) => {
    await expect(found(text)).resolves.toBeInstanceOf(Array);
  });
});
