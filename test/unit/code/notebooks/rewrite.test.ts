import { describe, expect, it } from 'vitest';
import { cellEdits } from '../../../../src/code/notebooks/rewrite';
import { applyEdits } from '../../../../src/core/formats/text-edits';

/** A file as Jupyter writes it: one space of indentation, a line each. */
const jupyter = (source: unknown): string =>
  `${JSON.stringify(
    {
      cells: [
        { cell_type: 'markdown', source: 'x' },
        { source, outputs: [{ text: '\u2028' }] },
      ],
    },
    null,
    1,
  )}\n`;
const compact = (source: unknown): string => `{"cells":[{}, {"source":${JSON.stringify(source)} , "outputs" : [ 1.0 ]}]}`;

/** The file with another text in its second cell. */
function rewritten(file: string, text: string): string {
  const result = applyEdits(file, cellEdits(file, new Map([[1, text]])));
  const { cells } = JSON.parse(result) as { cells: { source: string | string[] }[] };
  expect([cells[1]?.source].flat().join('')).toBe(text);
  return result;
}

const lines = ['import torch\n', 'x = "é"\n', 'y = 2\n', 'z = 3'];
const cases: readonly (readonly [what: string, text: readonly string[]])[] = [
  ['another line', ['import torch\n', 'x = 7\n', 'y = 2\n', 'z = 3']],
  ['a line at the top', ['import os\n', ...lines]],
  ['lines within', ['import torch\n', 'from blur import x\n', 'q = "\\n"\n', ...lines.slice(1)]],
  ['a line at the end', [...lines.slice(0, 3), 'z = 3\n', 'w = 4']],
  ['another first and another last line', ['import os\n', ...lines.slice(1, 3), 'z = 4']],
  ['a line less', [lines[0]!, lines[1]!, lines[3]!]],
  ['no first line', lines.slice(1)],
  ['no last line', lines.slice(0, 3)],
  ['nothing else', lines],
];

describe.each([
  ['as Jupyter writes it', jupyter],
  ['on one line', compact],
])('a notebook %s', (_, write) => {
  it.each(cases)('with %s is what its writer would write', (_what, text) => {
    expect(rewritten(write(lines), text.join(''))).toBe(write(text));
    expect(rewritten(write(lines.join('')), text.join(''))).toBe(write(text.join('')));
  });
});

describe('cellEdits', () => {
  it('keeps line ends, indentation of its own and what is written otherwise', () => {
    const file = '{"cells": [{},\r\n{"source": [\r\n\t"a = \\u0031\\n",\r\n\t"b"\r\n]}]}\r\n';
    expect(rewritten(file, 'a = 1\nc\nb')).toBe(file.replace('\t"b"', '\t"c\\n",\r\n\t"b"'));
    const whole = '{"cells": [{}, {"source": "a = \\u0031\\u000Ab\\n\\"\\\\n\\""}]}';
    expect(rewritten(whole, 'a = 1\nc\n"\\n"')).toBe(whole.replace('b\\n', 'c\\n'));
  });

  it('writes in ASCII where the file has nothing else', () => {
    const file = '{"cells": [{}, {"source": ["a\\n", "b"]}]}';
    expect(rewritten(file, 'é\nb')).toBe(file.replace('a', '\\u00e9'));
  });

  it('fills a cell that is empty, and empties one', () => {
    expect(rewritten('{"cells": [{}, {"source": []}]}', 'a\nb')).toBe('{"cells": [{}, {"source": ["a\\n", "b"]}]}');
    expect(rewritten('{"cells": [{}, {"source": ["a"]}]}', '')).toBe('{"cells": [{}, {"source": []}]}');
    expect(rewritten('{"cells": [{}, {"source": ["a"]}]}', 'a\nb')).toBe('{"cells": [{}, {"source": ["a\\n", "b"]}]}');
  });

  it('does not guess a cell', () => {
    expect(() => cellEdits('{"cells": []}', new Map([[1, 'a']]))).toThrow('no cell 1');
  });
});
