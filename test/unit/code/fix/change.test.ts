import { describe, expect, it } from 'vitest';
import { editsOf, togetherOf, type Change } from '../../../../src/code/fix/change';
import { withEdits } from './fixing';

const source = 'f(g(x), 2)';
const at = (text: string) => ({ start: source.indexOf(text), end: source.indexOf(text) + text.length });
const wrap = (text: string, name: string): Change => ({ kind: 'wrap', range: at(text), before: `${name}(`, after: ')' });

describe('changes as one list of edits', () => {
  it('nests expressions that start or end at one place, whatever their order', () => {
    const changes = [wrap('x', 'inner'), wrap('g(x)', 'outer'), wrap('f(g(x), 2)', 'all')];
    for (const order of [changes, [...changes].reverse()])
      expect(withEdits(source, editsOf(order) ?? [])).toBe('all(f(outer(g(inner(x))), 2))');
  });

  it('writes what ends at an offset, then what is inserted there, then what replaces the text behind', () => {
    const changes: readonly Change[] = [
      { kind: 'replace', range: { start: 6, end: 9 }, text: '' },
      { kind: 'insert', offset: 6, text: ', 3' },
      wrap('g(x)', 'h'),
    ];
    expect(withEdits(source, editsOf(changes) ?? [])).toBe('f(h(g(x)), 3)');
  });

  it('makes edits that touch one edit', () => {
    const edits = editsOf([
      { kind: 'replace', range: at('f'), text: 'k' },
      { kind: 'insert', offset: 1, text: '.l' },
    ]);
    expect(edits).toEqual([{ offset: 0, length: 1, text: 'k.l' }]);
  });

  it('refuses two texts for one place', () => {
    expect(
      editsOf([
        { kind: 'replace', range: at('g(x)'), text: 'a' },
        { kind: 'replace', range: at('x'), text: 'b' },
      ]),
    ).toBeNull();
    expect(editsOf([{ kind: 'replace', range: at('g(x)'), text: 'a' }, wrap('x', 'b')])).toBeNull();
  });
});

describe('groups of changes', () => {
  const insert = (offset: number, text: string): Change => ({ kind: 'insert', offset, text });
  const replace = (start: number, end: number, text: string): Change => ({ kind: 'replace', range: { start, end }, text });
  const together = (groups: readonly (readonly Change[])[]) => togetherOf(groups, editsOf(groups.flat()) ?? []);

  it('stay apart where their edits do', () => {
    expect(together([[insert(20, 'a'), replace(30, 32, 'b')], [replace(5, 8, 'c')], [insert(0, 'd'), insert(40, 'e')]])).toEqual([
      {
        groups: [0],
        edits: [
          { offset: 20, length: 0, text: 'a' },
          { offset: 30, length: 2, text: 'b' },
        ],
      },
      { groups: [1], edits: [{ offset: 5, length: 3, text: 'c' }] },
      {
        groups: [2],
        edits: [
          { offset: 0, length: 0, text: 'd' },
          { offset: 40, length: 0, text: 'e' },
        ],
      },
    ]);
  });

  it('come together where one touches the other, through others too', () => {
    const found = together([[replace(0, 4, 'a')], [insert(4, 'b'), replace(10, 12, 'c')], [insert(20, 'd')], [insert(12, 'e')]]);
    expect(found.map(({ groups }) => groups)).toEqual([[0, 1, 3], [2]]);
    expect(found[0]?.edits).toEqual([
      { offset: 0, length: 4, text: 'ab' },
      { offset: 10, length: 2, text: 'ce' },
    ]);
  });

  it('come together where their lines are laid out as one', () => {
    const groups = [[replace(2, 4, 'a')], [replace(8, 9, 'b')], [insert(30, 'c')]];
    const edits = [
      { offset: 0, length: 12, text: 'a and b in one line' },
      { offset: 30, length: 0, text: 'c' },
    ];
    expect(togetherOf(groups, edits)).toEqual([
      { groups: [0, 1], edits: edits.slice(0, 1) },
      { groups: [2], edits: edits.slice(1) },
    ]);
  });
});
