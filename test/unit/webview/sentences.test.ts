import { describe, expect, it } from 'vitest';
import { filled } from '../../../webview/app/filled';
import { sentences } from '../../../webview/app/sentences';

describe('sentences one after the other', () => {
  it.each([
    [['One.', '', 'Two.'], 'One. Two.'],
    [['第一句。', '第二句。', 'Third.'], '第一句。第二句。Third.'],
    [['', ''], ''],
  ])('%j', (texts, said) => {
    expect(sentences(...texts)).toBe(said);
  });
});

describe('a sentence with parts in its gaps', () => {
  it.each([
    ['Read on: {0} · by {1}.', ['Read on: ', 'a', ' · by ', 'b', '.']],
    ['由 {1} 撰写：{0}', ['由 ', 'b', ' 撰写：', 'a', '']],
    ['No gap, but {braces} and {}.', ['No gap, but {braces} and {}.']],
  ])('%s', (text, pieces) => {
    expect(filled(text, 'a', 'b')).toEqual(pieces);
  });
});
