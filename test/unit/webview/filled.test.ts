import { describe, expect, it } from 'vitest';
import { filled } from '../../../webview/app/filled';

describe('a sentence with parts in its gaps', () => {
  it.each([
    ['Read on: {0} · by {1}.', ['Read on: ', 'a', ' · by ', 'b', '.']],
    ['由 {1} 撰写：{0}', ['由 ', 'b', ' 撰写：', 'a', '']],
    ['No gap, but {braces} and {}.', ['No gap, but {braces} and {}.']],
  ])('%s', (text, pieces) => {
    expect(filled(text, 'a', 'b')).toEqual(pieces);
  });
});
