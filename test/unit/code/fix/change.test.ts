import { describe, expect, it } from 'vitest';
import { editsOf, type Change } from '../../../../src/code/fix/change';
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
