import { describe, expect, it } from 'vitest';
import { isNotebook, joinCells, placeOfCells, readNotebook } from '../../../../src/code/notebooks/notebook';

const notebook = (cells: readonly object[], metadata: object = {}): string => JSON.stringify({ cells, metadata, nbformat: 4 });
const code = (source: string | readonly string[], metadata: object = {}): object => ({ cell_type: 'code', source, metadata, outputs: [] });

describe('readNotebook', () => {
  it('gives the code cells by their place among all cells, whole or as lines', () => {
    const text = notebook([{ cell_type: 'markdown', source: ['# net'] }, code(['import torch\n', 'x = 1']), code('y = 2\n')]);
    expect(readNotebook(text)).toEqual({
      ok: true,
      cells: [
        { index: 1, language: 'python', text: 'import torch\nx = 1' },
        { index: 2, language: 'python', text: 'y = 2\n' },
      ],
    });
  });

  it.each([
    [{ language_info: { name: 'python' } }, {}, 'python'],
    [{ language_info: { name: 'ipython3' } }, {}, 'python'],
    [{ kernelspec: { language: 'TypeScript' } }, {}, 'typescript'],
    [{ kernelspec: { language: 'R' } }, {}, undefined],
    [{ language_info: { name: 'python' } }, { vscode: { languageId: 'javascript' } }, 'javascript'],
    [{ language_info: { name: 'python' } }, { vscode: { languageId: 'yaml' } }, undefined],
  ])('takes the language of %j and %j for %s', (common, own, language) => {
    expect(readNotebook(notebook([code('x', own)], common))).toMatchObject({ cells: [{ language }] });
  });

  it.each([
    ['{"cells": [', 'it is no valid JSON object'],
    ['[]', 'it is no valid JSON object'],
    ['{}', 'it has no cells'],
    ['{"worksheets": [{"cells": []}]}', 'its format is older than version 4: convert it by "jupyter nbconvert"'],
  ])('says why %s is none', (text, reason) => {
    expect(readNotebook(text)).toEqual({ ok: false, reason });
  });

  it('leaves out what is no cell of code, or has no text', () => {
    expect(readNotebook(notebook([code([1] as never), { cell_type: 'raw', source: 'x' }, {}]))).toEqual({ ok: true, cells: [] });
  });
});

describe('joinCells', () => {
  it('joins the cells of one language and leaves out what a magic gives to another', () => {
    const cells = [
      { index: 0, language: 'python', text: 'a' },
      { index: 1, language: 'javascript', text: 'b' },
      { index: 2, language: 'python', text: '%%bash\nls' },
      { index: 4, language: 'python', text: '%%time\nc' },
    ] as const;
    const joined = joinCells(cells, 'python');
    expect(joined.text).toBe('a\nc');
    expect(joined.placeOf({ start: 2, end: 3 })).toEqual({ document: '4', start: 7, end: 8 });
  });
});

it('a notebook is told by its name, and its cells lie beside it', () => {
  expect([isNotebook('a.ipynb'), isNotebook('b.IPYNB'), isNotebook('ipynb.py')]).toEqual([true, true, false]);
  expect(placeOfCells('/w/net.ipynb', 'python')).toBe('/w/net.ipynb.py');
});
