import { describe, expect, it } from 'vitest';
import { FolderLabels, parseLabels } from '../../../src/core/consistency/labels';
import { ModelError } from '../../../src/core/model-error';

describe('labels from subfolders', () => {
  const labelled = (...images: readonly string[]) => {
    const labels = new FolderLabels();
    for (const image of images) labels.add(image);
    return { any: labels.any, of: images.map((image) => labels.labelOf(image)) };
  };

  it('count folders in order of their names', () => {
    expect(labelled('dog/1.png', 'cat/2.png', 'cat/deep/3.png', 'loose.png')).toEqual({ any: true, of: [1, 0, 0, null] });
  });

  it('take folders that are numbers at their word', () => {
    expect(labelled('7/a.png', '10/b.png').of).toEqual([7, 10]);
  });

  it('are empty without subfolders', () => {
    expect(labelled('a.png')).toEqual({ any: false, of: [null] });
  });
});

describe('a labels file', () => {
  it('takes commas, tabs and spaces, a heading, comments and names with spaces', () => {
    const text = 'image,label\r\n# ours\na.png,3\r\nsub/b.png\t4\n./c d.png 5\n"e.png","6"\n\n';
    expect([...parseLabels(text, 'labels.csv')]).toEqual([
      ['a.png', 3],
      ['sub/b.png', 4],
      ['c d.png', 5],
      ['e.png', 6],
    ]);
  });

  it.each([
    ['"a b.png" , "7"', 'a b.png', 7],
    ['a,1,2', 'a,1', 2],
    ['a.png,\t12 ', 'a.png', 12],
    ['"a.png" 1', 'a.png', 1],
    ['a"b.png,0', 'a"b.png', 0],
  ])('reads %s', (line, image, label) => {
    expect([...parseLabels(line, 'labels.csv')]).toEqual([[image, label]]);
  });

  it.each(['a.png,1234567', 'a.png1', ',1', '  1', 'a.png,,', '1'])('reads no label in %j', (line) => {
    expect(() => parseLabels(`image,label\n${line}`, 'labels.csv')).toThrow(/^Line 2 of "labels\.csv" is not a path/);
  });

  it('is read in time that grows with its length alone, whatever spaces it has', () => {
    const spaces = ' '.repeat(20_000);
    expect(() => parseLabels(`image,label\na${spaces}b${spaces}"x`, 'labels.csv')).toThrow(ModelError);
    expect([...parseLabels(`a${spaces},${spaces}3${spaces}`, 'labels.csv')]).toEqual([['a', 3]]);
  });

  it('is refused with the line where it holds no index', () => {
    expect(() => parseLabels('a.png,3\nb.png,cat\n', 'labels.csv')).toThrow(
      new ModelError('malformed', 'Line 2 of "labels.csv" is not a path and the index of a class: "b.png,cat".'),
    );
  });
});
