import { describe, expect, it } from 'vitest';
import { pythonOfCell } from '../../../../src/code/notebooks/magics';

describe('pythonOfCell', () => {
  it.each([
    ['plain Python', 'import torch\nx = 1', 'import torch\nx = 1'],
    ['a line magic', '%matplotlib inline\nimport torch', '##################\nimport torch'],
    ['a command', '!pip install torch\nimport torch', '##################\nimport torch'],
    ['a question', '?torch.nn\nnn.Conv2d??\nx', '#########\n###########\nx'],
    ['a command over two lines', '!pip install \\\n  torch\nx = 1', '##############\n  0####\nx = 1'],
    ['a command in a block', 'if colab:\n    !ls\nx = 1', 'if colab:\n    0##\nx = 1'],
    ['the shortest line', '  ?\nx', '  0\nx'],
    ['an assigned command', 'files = !ls *.py\nx = 1', 'files = ########\nx = 1'],
    ['Windows line ends', '%time f()\r\nx = 1\r\n', '#########\r\nx = 1\r\n'],
    ['an operator at the start of a line', 'x = (a\n  % b\n  != c)', 'x = (a\n  % b\n  != c)'],
    ['a comparison', 'same = a != b', 'same = a != b'],
  ])('reads %s', (_, cell, text) => {
    expect(pythonOfCell(cell)).toEqual({ skipped: 0, text });
  });

  it.each(['%%time', '%%timeit -n 1', '%%capture out', '  \n%%time'])('reads the body below %s', (magic) => {
    expect(pythonOfCell(`${magic}\nx = 1`)).toEqual({ skipped: magic.length + 1, text: 'x = 1' });
  });

  it('reads nothing where a magic stands alone', () => {
    expect(pythonOfCell('%%time')).toEqual({ skipped: 6, text: '' });
  });

  it.each(['%%bash', '%%writefile model.py', '%%html', '%%javascript', '%%timely', '%%!'])('leaves a cell of %s alone', (magic) => {
    expect(pythonOfCell(`${magic}\nimport torch`)).toBeUndefined();
  });

  it('keeps every offset', () => {
    const cell = '%%time\n%cd x\nif a:\n\t!ls \\\n\t\t-l\n\tpool?\nx = %time f()\n';
    const { skipped, text } = pythonOfCell(cell)!;
    expect(skipped + text.length).toBe(cell.length);
    expect([...text.matchAll(/\n/g)].map(({ index }) => index + skipped)).toEqual(
      [...cell.matchAll(/\n/g)].slice(1).map(({ index }) => index),
    );
  });
});
