import { describe, expect, it } from 'vitest';
import { messageFromPage } from '../../../src/panel-protocol/parse-from-page';

describe('messages of the page', () => {
  it.each([
    { kind: 'ready' },
    { kind: 'ignore', rule: 'weak-blur', layer: null },
    { kind: 'fix', fix: { layers: ['conv1'], blur: null } },
    { kind: 'fix', fix: { layers: null, blur: { filter: 'bin-5', border: 'zero' } } },
    { kind: 'fix-and-recover', fix: { layers: null, blur: null }, folder: 'asked' },
    { kind: 'undo-fix' },
    { kind: 'start', study: 'equivariance' },
    { kind: 'show-network' },
    { kind: 'show-facts', layer: 'conv1' },
    { kind: 'show-weights', layer: 'conv1' },
    { kind: 'show-features', wanted: { layer: 'conv1', shift: [1, -2], first: 0 } },
    { kind: 'choose', choices: { pairs: 3 } },
  ])('%j is taken as it is', (message) => {
    expect(messageFromPage(message)).toEqual(message);
  });

  it.each([
    null,
    'ready',
    [],
    {},
    { kind: 'run', command: 'x' },
    { kind: 'fix' },
    { kind: 'ignore', layer: 'conv1' },
    { kind: 'ignore', rule: 'weak-blur' },
    { kind: 'fix', fix: { layers: 'conv1', blur: null } },
    { kind: 'fix', fix: { layers: [1], blur: null } },
    { kind: 'fix', fix: { layers: ['x'.repeat(5000)], blur: null } },
    { kind: 'fix', fix: { layers: null } },
    { kind: 'fix', fix: { layers: null, blur: { filter: 'box', border: 'zero' } } },
    { kind: 'fix', fix: { layers: null, blur: { filter: 'tri-3', border: 'wrap' } } },
    { kind: 'fix-and-recover', fix: { layers: null, blur: null } },
    { kind: 'fix-and-recover', fix: { layers: null, blur: null }, folder: '/etc' },
    { kind: 'show-facts' },
    { kind: 'show-weights', layer: 3 },
    { kind: 'start', study: '__proto__' },
    { kind: 'start', study: 'toString' },
    { kind: 'show-features', wanted: { layer: 'conv1', shift: [1], first: 0 } },
    { kind: 'show-features', wanted: { layer: 'conv1', shift: [1, 1e300], first: 0 } },
    { kind: 'show-features', wanted: { layer: 'conv1', shift: [0, 0], first: -1 } },
    { kind: 'choose', choices: null },
  ])('%j is nothing', (message) => {
    expect(messageFromPage(message)).toBeUndefined();
  });

  it('passes on nothing that the protocol does not name', () => {
    expect(messageFromPage({ kind: 'undo-fix', output: '/etc/passwd' })).toEqual({ kind: 'undo-fix' });
  });
});
