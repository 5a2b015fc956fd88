import { describe, expect, it } from 'vitest';
import { textbookLayer, type ExplainedLayer } from '../../../src/panel-protocol/core/explain';
import { choosing, opened, reduce, stateFrom, turning } from '../../../webview/explain/state';
import { filterRows, introduction, rulePage, verdicts } from '../../../webview/explain/words';

const found: ExplainedLayer = { step: 'maximum', kernel: 3, stride: 2, filter: 'tri-3', rule: 'strided-max-pool', label: 'pool1' };

describe('the state of the Explain page', () => {
  it('shows what a finding asks for, once, and keeps what the user makes of it', () => {
    const message = { kind: 'explain', request: 'a', layer: found } as const;
    const shown = reduce(opened(textbookLayer), message);
    expect(shown).toMatchObject({ layer: found, signal: [0, 0, 1, 1, 0, 0, 1, 1], shift: 1 });
    const changed = choosing(shown, { filter: 'bin-5' });
    expect(reduce(changed, message)).toBe(changed);
    expect(reduce(changed, { ...message, request: 'b' }).layer).toEqual(found);
  });

  it('has a signal that fits the stride, and a shift that fits the signal', () => {
    const shown = { ...opened({ ...found, stride: 8 }), shift: 15 };
    expect(shown.signal).toHaveLength(16);
    expect(choosing(shown, { stride: 3 })).toMatchObject({ signal: { length: 9 }, shift: 8 });
  });

  it('draws large layers smaller, and says so', () => {
    const shown = opened({ ...found, kernel: 16, stride: 16 });
    expect(shown.layer).toMatchObject({ kernel: 8, stride: 8 });
    expect(introduction(shown)).toContain("The layer's own stride is 16; it is drawn with 8.");
    expect(introduction(opened(found))).not.toContain('it is drawn with');
  });

  it('comes back as it was kept, and from anything else as the textbook has it', () => {
    const state = turning(choosing(opened(found, 'a'), { stride: 4 }), 0);
    expect(stateFrom(JSON.parse(JSON.stringify(state)))).toEqual(state);
    for (const kept of [undefined, 3, {}, { asked: found }]) expect(stateFrom(kept)).toEqual(opened(textbookLayer));
    expect(stateFrom({ ...state, signal: [7], shift: 99 })).toMatchObject({ signal: [0, 0, 1, 1, 0, 0, 1, 1], shift: 1 });
  });
});

describe('the words of the Explain page', () => {
  it('tell both definitions and the periodic one apart', () => {
    const shown = opened(textbookLayer);
    expect(verdicts(shown).map(({ holds }) => holds)).toEqual([false, false, true]);
    expect(verdicts(shown)[0]?.text).toBe(
      'Shifted by 1, 4 of 8 samples differ from the output that has moved along: the cosine is 0.7071.',
    );
    expect(verdicts(choosing(shown, { filter: 'tri-3' }))[0]?.text).toMatch(/the cosine is 0.9487. Without the filter it is 0.7071.$/);
    expect(verdicts({ ...shown, shift: 2 }).map(({ holds }) => holds)).toEqual([true, false, true]);
    expect(verdicts({ ...shown, shift: 4 }).map(({ holds }) => holds)).toEqual([true, true, true]);
    expect(verdicts(shown)[2]?.text).toMatch(/every multiple of 2: .*In between, at 1, 3, 5, 7,/);
    expect(verdicts(choosing(shown, { stride: 1 }))[2]?.text).toBe('Nothing is dropped, so it holds at every shift.');
  });

  it('set every filter beside the others', () => {
    const rows = filterRows(opened(textbookLayer));
    expect(rows[0]).toMatchObject({ label: 'none' });
    expect(rows[0]?.here).toBeCloseTo(Math.SQRT1_2, 10);
    expect(rows.find(({ label }) => label === 'Tri-3')?.here).toBeCloseTo(0.9487, 4);
  });

  it('lead to the page of the rule, else to that of the layer', () => {
    expect(rulePage(found)).toBe('strided-max-pool');
    expect(rulePage({ ...found, rule: null, step: 'average' })).toBe('strided-avg-pool');
  });
});
