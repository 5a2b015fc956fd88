import type { Callable, Role } from '../../callable';
import { row, windowParameter } from '../../rows';

/** Blocks of a library that hold strided layers, by the names and parameters that they are called with. */
export interface BlockTable {
  /** Modules whose import makes the names known, with the canonical prefix that replaces them. */
  readonly modules: readonly (readonly [module: string, canonical: string])[];
  readonly callables: readonly Callable[];
}

/** What the call of a block says about its window. */
export interface BlockWindow {
  readonly parameters: readonly string[];
  readonly kernel: readonly [name: string, fallback: number | null];
  readonly stride: readonly [name: string, fallback: number | 'kernel'];
  readonly dimensions?: 2 | 3;
  readonly role?: Role;
}

/** A row for a class or function of a library that builds its layer itself, where no fix reaches. */
export function block(path: string, { parameters, kernel, stride, dimensions = 2, role = 'convolution' }: BlockWindow): Callable {
  return {
    ...row(path, role, 'layer', { dimensions, parameters, kernel: windowParameter(...kernel), stride: windowParameter(...stride) }),
    isForeignBlock: true,
  };
}
