import { describe, expect, it } from 'vitest';
import { lineChanges, linesOf } from '../../../src/core/report/line-changes';
import { unifiedDiff } from '../../../src/core/report/unified-diff';

/** A generator of the same numbers every time: Park and Miller. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** Length of the longest common subsequence, by its plain recurrence. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const item of a) {
    const next = [0];
    b.forEach((other, index) => next.push(item === other ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!)));
    row = next;
  }
  return row[b.length]!;
}

describe('lineChanges', () => {
  it('makes one list the other by the fewest lines', () => {
    const next = numbers(7);
    for (let round = 0; round < 300; round++) {
      const [a, b] = [0, 1].map(() => Array.from({ length: next(12) }, () => 'abcd'[next(4)]!)) as [string[], string[]];
      const changes = lineChanges(a, b);
      const result: string[] = [];
      let at = 0;
      let changed = 0;
      for (const { oldStart, oldEnd, newStart, newEnd } of changes) {
        expect(oldStart).toBeGreaterThanOrEqual(at);
        result.push(...a.slice(at, oldStart), ...b.slice(newStart, newEnd));
        at = oldEnd;
        changed += oldEnd - oldStart + newEnd - newStart;
      }
      result.push(...a.slice(at));
      expect(result).toEqual(b);
      expect(changed).toBe(a.length + b.length - 2 * commonLength(a, b));
    }
  });

  it('tells too many changes as one', () => {
    const [a, b] = ['a', 'b'].map((name) => Array.from({ length: 3000 }, (_, index) => `${name}${index}`)) as [string[], string[]];
    expect(lineChanges(['same', ...a], ['same', ...b])).toEqual([{ oldStart: 0, oldEnd: 3001, newStart: 0, newEnd: 3001 }]);
  });
});

it('linesOf keeps the ending of every line', () => {
  expect(linesOf('a\r\nb\n\nc')).toEqual(['a\r\n', 'b\n', '\n', 'c']);
  expect(linesOf('')).toEqual([]);
});

describe('unifiedDiff', () => {
  it('shows three lines around, joins what is near, and tells of a missing end', () => {
    const before = Array.from({ length: 30 }, (_, line) => `${line}\n`);
    const after = before.with(2, 'two\n').with(8, 'eight\n').with(29, '29');
    expect(unifiedDiff({ path: 'a b.py', before: before.join(''), after: after.join('') })).toBe(
      [
        '--- a/a b.py\t\n+++ b/a b.py\t\n@@ -1,12 +1,12 @@\n 0\n 1\n-2\n+two\n 3\n 4\n 5\n 6\n 7\n-8\n+eight\n 9\n 10\n 11\n',
        '@@ -27,4 +27,4 @@\n 26\n 27\n 28\n-29\n+29\n\\ No newline at end of file\n',
      ].join(''),
    );
  });

  it('names what is not there /dev/null, and quotes as git does', () => {
    expect(unifiedDiff({ path: 'x', before: null, after: 'a\n' })).toBe('--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n');
    expect(unifiedDiff({ path: 'é"\n', before: 'a\n', after: null })).toBe('--- "a/é\\"\\012"\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n');
    expect(unifiedDiff({ path: 'x', before: 'a', after: 'a' })).toBe('');
  });
});
