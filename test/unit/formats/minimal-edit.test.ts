import { describe, expect, it } from 'vitest';
import { minimalEdit } from '../../../src/core/formats/text-edits';

describe('minimalEdit', () => {
  it.each([
    ['nothing', 'same', 'same', undefined],
    ['an insertion', 'ab', 'aXb', { offset: 1, length: 0, text: 'X' }],
    ['a deletion', 'aXb', 'ab', { offset: 1, length: 1, text: '' }],
    ['a doubled character', 'aab', 'aaab', { offset: 2, length: 0, text: 'a' }],
    ['a whole text', 'abc', 'xyz', { offset: 0, length: 3, text: 'xyz' }],
    ['the first text', '', 'abc', { offset: 0, length: 0, text: 'abc' }],
    ['the end of a text', 'abc', '', { offset: 0, length: 3, text: '' }],
  ])('finds %s', (_, before, after, edit) => {
    expect(minimalEdit(before, after)).toEqual(edit);
  });

  it('turns one text into the other, whatever they are', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    for (let round = 0; round < 500; round++) {
      const [before, after] = [0, 1].map(() => Array.from({ length: random(8) }, () => 'ab\n'[random(3)]).join('')) as [string, string];
      const edit = minimalEdit(before, after) ?? { offset: 0, length: 0, text: '' };
      expect(before.slice(0, edit.offset) + edit.text + before.slice(edit.offset + edit.length)).toBe(after);
    }
  });
});
