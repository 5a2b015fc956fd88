import { describe, expect, it } from 'vitest';
import { labelsFromFolders, parseLabels } from '../../../src/core/consistency/labels';
import { ModelError } from '../../../src/core/model-error';

describe('labels from subfolders', () => {
  it('count folders in order of their names', () => {
    const labels = labelsFromFolders(['dog/1.png', 'cat/2.png', 'cat/deep/3.png', 'loose.png']);
    expect([...labels]).toEqual([
      ['dog/1.png', 1],
      ['cat/2.png', 0],
      ['cat/deep/3.png', 0],
    ]);
  });

  it('take folders that are numbers at their word', () => {
    expect([...labelsFromFolders(['7/a.png', '10/b.png'])]).toEqual([
      ['7/a.png', 7],
      ['10/b.png', 10],
    ]);
  });

  it('are empty without subfolders', () => {
    expect(labelsFromFolders(['a.png']).size).toBe(0);
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

  it('is refused with the line where it holds no index', () => {
    expect(() => parseLabels('a.png,3\nb.png,cat\n', 'labels.csv')).toThrow(
      new ModelError('malformed', 'Line 2 of "labels.csv" is not a path and the index of a class: "b.png,cat".'),
    );
  });
});
