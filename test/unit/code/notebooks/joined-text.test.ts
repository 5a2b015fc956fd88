import { describe, expect, it } from 'vitest';
import { JoinedText } from '../../../../src/code/notebooks/joined-text';

const cells = new JoinedText([
  { document: 'imports', skipped: 0, text: 'import torch.nn as nn' },
  { document: 'empty', skipped: 0, text: '' },
  { document: 'timed', skipped: 7, text: 'pool = nn.MaxPool2d(2)' },
]);

describe('JoinedText', () => {
  it('joins cells by a newline each', () => {
    expect(cells.text).toBe('import torch.nn as nn\n\npool = nn.MaxPool2d(2)');
  });

  it('finds the cell of a range, behind what was skipped at its start', () => {
    const start = cells.text.indexOf('nn.MaxPool2d(2)');
    expect(cells.placeOf({ start, end: start + 15 })).toEqual({ document: 'timed', start: 14, end: 29 });
  });

  it('tells the end of a cell from the beginning of the next', () => {
    expect(cells.placeOf({ start: 21, end: 21 })).toEqual({ document: 'imports', start: 21, end: 21 });
    expect(cells.placeOf({ start: 22, end: 22 })).toEqual({ document: 'empty', start: 0, end: 0 });
    expect(cells.placeOf({ start: 23, end: 23 })).toEqual({ document: 'timed', start: 7, end: 7 });
  });

  it('has no place for a range over several cells, or beyond the last', () => {
    expect(cells.placeOf({ start: 10, end: 30 })).toBeUndefined();
    expect(cells.placeOf({ start: 0, end: 22 })).toBeUndefined();
    expect(cells.placeOf({ start: 46, end: 47 })).toBeUndefined();
    expect(new JoinedText([]).placeOf({ start: 0, end: 0 })).toBeUndefined();
  });

  it('answers with the offset of every place of a cell', () => {
    for (const { document, skipped, text } of cells.parts) {
      for (let within = 0; within <= text.length; within++) {
        const offset = cells.offsetOf(document, skipped + within);
        expect(offset).toBeDefined();
        expect(cells.placeOf({ start: offset!, end: offset! })).toEqual({ document, start: skipped + within, end: skipped + within });
      }
    }
    expect(cells.offsetOf('timed', 3), 'the line of the magic').toBeUndefined();
    expect(cells.offsetOf('other', 0)).toBeUndefined();
  });
});
