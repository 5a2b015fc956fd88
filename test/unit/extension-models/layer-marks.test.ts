import { describe, expect, it } from 'vitest';
import { markOf } from '../../../src/extension/models/layer-marks';
import { layerKey } from '../../../src/engine/protocol/reading';

const row = (layer: string, op: string, finding: null | object = null) => ({ layer, op, finding: finding as never });

describe('marks of layers', () => {
  const marks = {
    before: new Set([layerKey('conv1', 'Conv'), layerKey('relu1', 'Relu'), layerKey('pool1', 'MaxPool')]),
    fixed: new Set(['pool1']),
  };

  it.each([
    ['a new layer', row('pool1/shiftlint_blur', 'Conv'), 'inserted'],
    ['a blur that has taken the name of what it blurs', row('relu1', 'DepthwiseConv2dNative'), 'inserted'],
    ['a layer whose name a blur has taken', row('relu1/shiftlint_dense', 'Relu'), null],
    ['a fixed layer whose name a blur has taken', row('pool1/shiftlint_dense', 'MaxPool'), 'fixed'],
    ['a fixed layer', row('pool1', 'MaxPool'), 'fixed'],
    ['a layer whose fix was taken back', row('pool1', 'MaxPool', {}), null],
    ['a layer that no fix has touched', row('conv1', 'Conv'), null],
  ])('%s', (_, layer, mark) => {
    expect(markOf(layer, marks)).toBe(mark);
  });

  it('are none where nothing was fixed', () => {
    expect(markOf(row('new', 'Conv'), undefined)).toBeNull();
  });
});
