import type { Callable, Role } from './callable';
import { row, windowParameter } from './rows';

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
  readonly stride: readonly [name: string, fallback: number | 'kernel' | null];
  readonly dimensions?: 0 | 1 | 2 | 3;
  readonly role?: Role;
  /** `layer` unless it runs on a map at once. */
  readonly form?: Callable['form'];
  /** Name of a truth that makes it enlarge the map instead. */
  readonly enlargesWith?: string;
  readonly activation?: string;
}

/** A row for a class or function of a library that builds its layer itself, where no fix reaches. */
export function block(path: string, window: BlockWindow): Callable {
  const { parameters, kernel, stride, dimensions = 2, role = 'convolution', form = 'layer', enlargesWith, activation = null } = window;
  return {
    ...row(path, role, form, {
      dimensions,
      parameters,
      kernel: windowParameter(...kernel),
      stride: windowParameter(...stride),
      activation,
      ...(enlargesWith === undefined ? {} : { enlargesWith }),
    }),
    isForeignBlock: true,
  };
}
