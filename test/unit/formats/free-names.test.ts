import { describe, expect, it } from 'vitest';
import { FreeNames } from '../../../src/core/formats/free-names';

const copies = (wanted: string) => (copy: number) => `${wanted}#${copy + 1}`;

describe('free names', () => {
  it('are the wanted ones where nothing has them or extends them', () => {
    const free = new FreeNames(['pool', 'pool/blur', 'blur_kernel', 'ab', 'a']);
    const take = (name: string): string => free.take(name, copies(name));
    expect(['pool', 'blur', 'blu', 'blur_kern', 'a'].map(take)).toEqual(['pool#2', 'blur#2', 'blu', 'blur_kern', 'a#2']);
  });

  it('are kept for whoever took them, extensions included', () => {
    const free = new FreeNames([]);
    const take = (name: string): string => free.take(name, copies(name));
    expect(['blur', 'blur', 'blur', 'pool_blur', 'pool'].map(take)).toEqual(['blur', 'blur#2', 'blur#3', 'pool_blur', 'pool#2']);
  });
});
