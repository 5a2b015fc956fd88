import { describe, expect, it } from 'vitest';
import { visibleJson, visibleText } from '../../../src/core/report/visible-text';
import { labelText, markdownText, noticeText } from '../../../src/extension/platform/shown-text';

describe('text that is shown', () => {
  it.each([
    ['layer2.0.conv1', 'layer2.0.conv1'],
    ['Größe 3×3 🙂', 'Größe 3×3 🙂'],
    ['at::native::conv', 'at::native::conv'],
    ['\u001b[2Jgone', '\\x1b[2Jgone'],
    ['a\nb\r\tc', 'a\\x0ab\\x0d\\x09c'],
    ['\u202econv', '\\u202econv'],
    ['con\u200bv', 'con\\u200bv'],
    ['\u009b31m', '\\x9b31m'],
    ['a\u2028b', 'a\\u2028b'],
    ['\ud800', '\\ud800'],
    ['::error file=x::pwned', '\\x3a:error file=x::pwned'],
    ['x ::set-output name=a::b', 'x \\x3a:set-output name=a::b'],
    ['  ::any-token::', '  \\x3a:any-token::'],
    ['a ##vso[task.setvariable]b', 'a \\x23#vso[task.setvariable]b'],
    ['##[error]x', '\\x23#[error]x'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it('JSON keeps its value and holds nothing that a terminal acts on', () => {
    const value = { name: '\u001b[2J\u009b\u202e##vso[x]::error::\u2028\ud800', list: [1, '\n'] };
    const json = visibleJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(json)).toEqual(value);
    expect(json).not.toMatch(/[\u0080-\u009f\u202e\u2028]|##vso|::error/);
  });

  it('the editor makes no picture, link or command of a name', () => {
    expect(labelText('$(trash) conv')).toBe('\\$(trash) conv');
    expect(noticeText('[click](command:x)')).toBe('[click] (command:x)');
    expect(markdownText('[a](command:b) <img> `c`')).toBe('\\[a\\](command:b) \\<img\\> \\`c\\`');
  });
});
