import { describe, expect, it } from 'vitest';
import { textbookLayer } from '../../../src/panel-protocol/core/explain';
import type { FindingView, LayerRow } from '../../../src/panel-protocol/model';
import { columnIds, columns, defaultTable, type SortKey } from '../../../webview/tabs/layers/columns';
import { tableKey } from '../../../webview/tabs/layers/keys';
import { partsOf } from '../../../webview/tabs/layers/parts';
import { afterPress, findingFrom, sortedLayers } from '../../../webview/tabs/layers/sorting';

const finding: FindingView = {
  rule: 'strided-conv',
  severity: 'warning',
  message: '',
  docsUrl: '',
  explained: textbookLayer,
  notFixable: null,
  fixNotes: [],
  price: { multiplyAdds: 31_000, multiplyAddShare: 0.031, activationValues: 1200, activationShare: 0.12 },
  aliasedEnergy: 0.4,
};

function row(name: string, more: Partial<LayerRow> = {}): LayerRow {
  const names = { layer: name, label: name, node: name, tensor: name };
  const known = { op: 'Conv', shape: '1 × 8 × 4 × 4', stride: [1, 1], cumulativeStride: [2, 2] as const };
  return {
    ...names,
    ...known,
    receptiveField: { size: [7, 7], isGlobal: false },
    parameters: 36_864,
    multiplyAdds: 1000,
    mark: null,
    finding: null,
    ...more,
  };
}

const rows = [
  row('conv10', { multiplyAdds: 3000, finding }),
  row('conv9', { multiplyAdds: null, shape: '1 × 8 × ? × ?', receptiveField: null }),
  row('Add', { parameters: 0, multiplyAdds: 50, stride: null, receptiveField: { size: null, isGlobal: true }, shape: '? × 1000' }),
  row('conv1', {
    multiplyAdds: 3000,
    stride: [2, 1],
    receptiveField: { size: [7, 11], isGlobal: true },
    finding: { ...finding, price: { multiplyAdds: -2000, multiplyAddShare: -0.002, activationValues: 0, activationShare: 0 } },
  }),
];

function order(layerSort: SortKey, layerSortDown = false, means: ReadonlyMap<string, number> = new Map()): string {
  return sortedLayers(rows, { layerSort, layerSortDown }, means)
    .map(({ label }) => label)
    .join(' ');
}

describe('order of the layers', () => {
  it.each<readonly [SortKey, boolean, string]>([
    ['depth', false, 'conv10 conv9 Add conv1'],
    ['depth', true, 'conv1 Add conv9 conv10'],
    ['name', false, 'Add conv1 conv9 conv10'],
    ['name', true, 'conv10 conv9 conv1 Add'],
    ['multiplyAdds', true, 'conv10 conv1 Add conv9'],
    ['multiplyAdds', false, 'Add conv10 conv1 conv9'],
    ['shape', true, 'Add conv10 conv1 conv9'],
    ['stride', true, 'conv1 conv10 conv9 Add'],
    ['field', true, 'Add conv1 conv10 conv9'],
    ['fixCost', true, 'conv10 conv1 conv9 Add'],
    ['fixCost', false, 'conv1 conv10 conv9 Add'],
  ])('by %s (down: %s), what is not known last', (key, down, expected) => {
    expect(order(key, down)).toBe(expected);
  });

  it('goes by the maps where there are some', () => {
    expect(
      order(
        'mean',
        false,
        new Map([
          ['Add', 0.9],
          ['conv1', 0.7],
        ]),
      ),
    ).toBe('conv1 Add conv10 conv9');
  });

  it('is turned by a second press and that of the network again by a third', () => {
    const press = (from: { layerSort: SortKey; layerSortDown: boolean }, key: SortKey) => afterPress(key, { ...defaultTable, ...from });
    const once = press(defaultTable, 'multiplyAdds');
    expect(once).toEqual({ layerSort: 'multiplyAdds', layerSortDown: true });
    const twice = press(once, 'multiplyAdds');
    expect(twice).toEqual({ layerSort: 'multiplyAdds', layerSortDown: false });
    expect(press(twice, 'multiplyAdds')).toEqual({ layerSort: 'depth', layerSortDown: false });
    expect(press(twice, 'name')).toEqual({ layerSort: 'name', layerSortDown: false });
  });
});

describe('columns of the layers', () => {
  it('say what they hold in words of people', () => {
    const texts = rows.map((layer) => columnIds.map((id) => columns[id].text(layer)).join(' | '));
    expect(texts).toEqual([
      'Conv | 1 × 8 × 4 × 4 | 1 | 2 | 7 | 36.9K | 3K | 40 % | +3.1 %',
      'Conv | 1 × 8 × ? × ? | 1 | 2 | – | 36.9K | – |  | ',
      'Conv | ? × 1000 | – | 2 | all | – | 50 |  | ',
      'Conv | 1 × 8 × 4 × 4 | 2 × 1 | 2 | 7 × 11 + all | 36.9K | 3K | 40 % | -0.20 %',
    ]);
  });
});

describe('the way between findings', () => {
  it.each<readonly [from: number, step: 1 | -1, to: string]>([
    [-1, 1, 'conv10'],
    [-1, -1, 'conv1'],
    [0, 1, 'conv1'],
    [1, 1, 'conv1'],
    [1, -1, 'conv10'],
    [3, 1, 'conv10'],
    [0, -1, 'conv1'],
  ])('from row %i by %i leads to %s, round the ends', (from, step, to) => {
    expect(findingFrom(rows, from, step)?.label).toBe(to);
  });

  it('leads nowhere where no layer has one', () => {
    expect(findingFrom(rows.slice(1, 3), 0, 1)).toBeUndefined();
    expect(findingFrom([], -1, -1)).toBeUndefined();
  });
});

describe('keys of the table', () => {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  it.each([
    [{ ...none, key: 'f', ctrlKey: true }, true, 'search'],
    [{ ...none, key: 'F', metaKey: true }, false, 'search'],
    [{ ...none, key: 'f' }, false, undefined],
    [{ ...none, key: 'f', ctrlKey: true, shiftKey: true }, false, undefined],
    [{ ...none, key: 'j' }, false, 'next'],
    [{ ...none, key: 'K' }, false, 'previous'],
    [{ ...none, key: 'j', ctrlKey: true }, false, undefined],
    [{ ...none, key: 'j' }, true, undefined],
    [{ ...none, key: 'Escape' }, true, 'leave'],
    [{ ...none, key: 'Escape' }, false, undefined],
  ] as const)('%j (typing: %s) asks for %s', (event, isTyping, expected) => {
    expect(tableKey(event, isTyping)).toBe(expected);
  });
});

describe('parts of the table', () => {
  it('hold every row once, and number the rows with findings and the head', () => {
    const many = Array.from({ length: 101 }, (_, index) => row(`layer${index}`, index % 10 === 0 ? { finding } : {}));
    const parts = partsOf(many);
    expect(parts.flatMap((part) => part.rows)).toEqual(many);
    expect(parts.map(({ first, firstRow, lastRow }) => [first, firstRow, lastRow])).toEqual([
      [0, 2, 45],
      [40, 46, 89],
      [80, 90, 113],
    ]);
    expect(partsOf([])).toEqual([]);
  });
});
