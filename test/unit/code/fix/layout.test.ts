import { describe, expect, it } from 'vitest';
import type { TextEdit } from '../../../../src/core/formats/format';
import { withLayout } from '../../../../src/code/fix/layout/layout';
import { lineWidthOf } from '../../../../src/code/fix/layout/line-width';

/** The text with one replacement, laid out. */
function replaced(source: string, before: string, after: string): string {
  const offset = source.indexOf(before);
  return edited(source, withLayout(source, [{ offset, length: before.length, text: after }]));
}

function edited(source: string, edits: readonly TextEdit[]): string {
  return edits.reduceRight((text, { offset, length, text: added }) => text.slice(0, offset) + added + text.slice(offset + length), source);
}

// What ruff 0.14 and black 25 make of the same lines.
describe('the layout of a fixed line', () => {
  it.each([
    [
      'all arguments in the next line where they fit there',
      'stage = nn.Sequential(nn.Conv2d(8, 16, 3), POOL)\n',
      'nn.Sequential(nn.ReLU(), BlurPool2d(16, stride=2))',
      'stage = nn.Sequential(\n    nn.Conv2d(8, 16, 3), nn.Sequential(nn.ReLU(), BlurPool2d(16, stride=2))\n)\n',
    ],
    [
      'else an argument a line',
      'stage = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1, bias=False), POOL)  # stem\n',
      'nn.Sequential(nn.ReLU(), BlurPool2d(16, stride=2))',
      'stage = nn.Sequential(\n    nn.Conv2d(8, 16, 3, padding=1, bias=False),\n    nn.Sequential(nn.ReLU(), BlurPool2d(16, stride=2)),\n)  # stem\n',
    ],
    [
      'an argument that is too long itself',
      'stage = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1, bias=False), POOL)\n',
      'nn.Sequential(nn.BatchNorm2d(16, eps=0.001), nn.ReLU(inplace=True), BlurPool2d(16, stride=2))',
      'stage = nn.Sequential(\n    nn.Conv2d(8, 16, 3, padding=1, bias=False),\n    nn.Sequential(\n        nn.BatchNorm2d(16, eps=0.001), nn.ReLU(inplace=True), BlurPool2d(16, stride=2)\n    ),\n)\n',
    ],
    [
      'a list that is called',
      'y = keras.Sequential([layers.Conv2D(8, 3, padding="same"), POOL])(x)\n',
      'layers.Activation("relu"), BlurPool2D(strides=2, same_kernel=3)',
      'y = keras.Sequential(\n    [\n        layers.Conv2D(8, 3, padding="same"),\n        layers.Activation("relu"),\n        BlurPool2D(strides=2, same_kernel=3),\n    ]\n)(x)\n',
    ],
    [
      'one of two values',
      'self.pool = POOL if self.is_first else None\n',
      'AvgBlurPool2d(kernel_size=3, stride=stride, padding=1)',
      'self.pool = (\n    AvgBlurPool2d(kernel_size=3, stride=stride, padding=1) if self.is_first else None\n)\n',
    ],
    [
      'an item',
      'layers["first pooling layer"] = POOL\n',
      'MaxBlurPool2d(kernel_size=3, stride=2, padding=1, ceil_mode=True, name=1)',
      'layers["first pooling layer"] = MaxBlurPool2d(\n    kernel_size=3, stride=2, padding=1, ceil_mode=True, name=1\n)\n',
    ],
    ['a sum as it is', `x = a + POOL\n`, `b(${'c'.repeat(90)})`, `x = a + b(${'c'.repeat(90)})\n`],
    ['a text as it is', 'x = f("""POOL\n""")\n', 'c, '.repeat(40), `x = f("""${'c, '.repeat(40)}\n""")\n`],
  ])('%s', (_, source, text, expected) => {
    expect(replaced(source, 'POOL', text)).toBe(expected);
  });

  it('joins a call that fits in one line now', () => {
    const source =
      'net = [\n    nn.Conv2d(\n        in_channels, out_channels, kernel_size=3, stride=2, padding=1, bias=False\n    ),  # first\n]\n';
    expect(replaced(source, ' stride=2,', '')).toBe(
      'net = [\n    nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1, bias=False),  # first\n]\n',
    );
  });

  it('joins it too where another line follows', () => {
    const source = 'self.conv = nn.Conv2d(\n    in_channels, out_channels, kernel_size=3, stride=2, padding=1, bias=False, groups=2\n)\n';
    const [first, second] = [source.indexOf(' stride=2,'), source.length - 1];
    const text = edited(
      source,
      withLayout(source, [
        { offset: first, length: ' stride=2, padding=1,'.length, text: '' },
        { offset: second, length: 0, text: '\nself.blur = BlurPool2d(2)' },
      ]),
    );
    expect(text).toBe('self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, bias=False, groups=2)\nself.blur = BlurPool2d(2)\n');
  });

  it('leaves apart what a comma keeps apart, and what fitted before', () => {
    const kept = 'conv = nn.Conv2d(\n    3, 8, kernel_size=3, stride=2,\n)\n';
    expect(replaced(kept, ' stride=2,', '')).toBe('conv = nn.Conv2d(\n    3, 8, kernel_size=3,\n)\n');
    const loose = 'conv = nn.Conv2d(\n    3, 8, 3, stride=2\n)\n';
    expect(replaced(loose, ', stride=2', '')).toBe('conv = nn.Conv2d(3, 8, 3)\n');
  });

  it('leaves lines that were too long before, and knows the line ends of the file', () => {
    const long = `x = nn.Sequential(nn.Conv2d(8, 16, 3), "${'a'.repeat(60)}", POOL)\n`;
    expect(replaced(long, 'POOL', 'BlurPool2d(2)')).toBe(long.replace('POOL', 'BlurPool2d(2)'));
    const windows = 'a = 1\r\nstage = nn.Sequential(nn.Conv2d(8, 16, 3), POOL)\r\nb = 2\r\n';
    expect(replaced(windows, 'POOL', 'nn.Sequential(nn.ReLU(), BlurPool2d(16, stride=2))')).toBe(
      'a = 1\r\nstage = nn.Sequential(\r\n    nn.Conv2d(8, 16, 3), nn.Sequential(nn.ReLU(), BlurPool2d(16, stride=2))\r\n)\r\nb = 2\r\n',
    );
  });
});

describe('the width of lines', () => {
  const line = (length: number): string => `${'x'.repeat(length - 4)} = 1\n`;
  it.each([
    ['is 88 unless the file shows another one', line(60), 88],
    ['is the least usual one that holds its code', line(60) + line(97), 100],
    ['does not count texts and comments', `${line(60)}"""\n${line(130)}"""\n# ${line(120)}`, 88],
    ['is 79 where many lines come close to that', line(78).repeat(6), 79],
    ['is 79 where a call in three lines would fit into 88', `function(\n    ${'a, '.repeat(24)}b\n)\n`, 79],
  ])('%s', (_, source, expected) => {
    expect(lineWidthOf(source)).toBe(expected);
  });
});
