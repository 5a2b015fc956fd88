import type { Callable, Role, WindowParameter } from './callable';

/** What most rows of a table have in common, so that a row says only what is special. */
const plain = { dimensions: 0, parameters: [], options: false, kernel: null, stride: null, activation: null } as const;

/** Names under one module that share a role and have neither kernel nor stride. */
export function rows(module: string, role: Role, form: Callable['form'], names: string): Callable[] {
  return names.split(/\s+/).map((name) => ({ ...plain, path: `${module}.${name}`, role, form }));
}

/** A row with everything said. */
export function row(path: string, role: Role, form: Callable['form'], rest: Partial<Callable>): Callable {
  return { ...plain, path, role, form, ...rest };
}

/** A low-pass filter that subsamples by 2 unless it is told otherwise. */
export function blur(path: string, form: Callable['form'], stride: string, parameters: readonly string[], options = false): Callable {
  return row(path, 'blur', form, { stride: windowParameter(stride, 2), parameters, options });
}

/** A low-pass filter whose call names its taps, which may be too few for the stride. */
export function sizedBlur(
  path: string,
  form: Callable['form'],
  window: {
    readonly kernel: WindowParameter;
    readonly stride: WindowParameter;
    readonly parameters: readonly string[];
    readonly dimensions?: 1 | 2;
  },
): Callable {
  return row(path, 'blur', form, { dimensions: 2, ...window });
}

/** A kernel or stride parameter. */
export function windowParameter(
  name: string,
  fallback: WindowParameter['fallback'],
  batchEntries: WindowParameter['batchEntries'] = 'none',
): WindowParameter {
  return { name, fallback, batchEntries };
}

export const imageDimensions = [1, 2, 3] as const;
