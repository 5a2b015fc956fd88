import { describe, expect, it } from 'vitest';
import { FormerRun } from '../../../src/extension/panel/outcomes/former-run';

const before = { key: 'before', alike: 'flat', outcome: { backend: 'before' } };
const after = { key: 'after', alike: 'flat' };

describe('the run before a fix', () => {
  it('stands beside the run of the fixed model, and not beside itself once the fix is taken back', () => {
    const former = new FormerRun();
    expect(former.beside(after)).toBeUndefined();
    former.keep(before);
    expect(former.beside(after)).toBe(before.outcome);
    expect(former.beside(before)).toBeUndefined();
    expect(former.beside(undefined)).toBeUndefined();
  });

  it('stands beside no run of another input or with other options', () => {
    const former = new FormerRun();
    former.keep(before);
    expect(former.beside({ ...after, alike: 'channel' })).toBeUndefined();
  });

  it('stays where a further fix is made before anything is measured again', () => {
    const former = new FormerRun();
    former.keep(before);
    former.keep(undefined);
    expect(former.beside(after)).toBe(before.outcome);
    former.keep({ ...after, outcome: { backend: 'after' } });
    expect(former.beside({ key: 'third', alike: 'flat' })).toEqual({ backend: 'after' });
  });
});
