import { describe, expect, it } from 'vitest';
import { messageFromPage } from '../../../src/panel-protocol/parse-from-page';

describe('messages of the page', () => {
  it.each([
    { kind: 'ready' },
    { kind: 'fix', layer: 'conv1' },
    { kind: 'fix-and-recover', layer: null },
    { kind: 'ignore', rule: 'weak-blur', layer: null },
    { kind: 'start', study: 'equivariance' },
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
    { kind: 'fix', layer: ['conv1'] },
    { kind: 'fix', layer: 'x'.repeat(5000) },
    { kind: 'ignore', layer: 'conv1' },
    { kind: 'ignore', rule: 'weak-blur' },
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
    expect(messageFromPage({ kind: 'fix-all', output: '/etc/passwd' })).toEqual({ kind: 'fix-all' });
  });
});
