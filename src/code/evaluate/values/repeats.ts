import { CallKeys } from './call-key';
import { isElsewhere } from './offset-space';
import { tensorValue, unknown, type Arguments, type ClassValue, type FunctionValue, type InstanceValue, type Value } from './value';

/**
 * What has been computed for the same arguments: deep networks build the same block many times over, and a second look at
 * it shows nothing new.
 */
export class Repeats {
  private readonly results = new Map<string, Value>();
  private readonly keys = new CallKeys();

  key(callee: FunctionValue | ClassValue, given: Arguments): string | null {
    return this.keys.of(callee, given);
  }

  argumentsKey(given: Arguments): string | null {
    return this.keys.ofArguments(given);
  }

  get(key: string): Value | undefined {
    return this.results.get(key);
  }

  set(key: string, value: Value): void {
    this.results.set(key, value);
  }
}

/** What a repeated call gives, where that can be told from the first: a layer that nothing adds to, or a map like the first one. */
export function repeated(value: Value): Value | undefined {
  if (value.kind === 'layer') return value.items === null ? value : undefined;
  return value.kind === 'tensor' ? tensorValue({ pending: value.pending, blurred: value.blurred, averaged: value.averaged }) : undefined;
}

/** The same for what computes with plain values: numbers, texts, and lists and records of them, which whoever asks may change. */
function repeatedData(value: Value): Value | undefined {
  switch (value.kind) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'none':
    case 'unknown':
    case 'extent':
    case 'symbol':
    case 'class':
      return value;
    case 'list': {
      const items = allOf(value.items);
      return items && { ...value, items };
    }
    case 'record': {
      const values = allOf([...value.entries.values()]);
      return values && { ...value, entries: new Map([...value.entries.keys()].map((name, index) => [name, values[index] ?? unknown])) };
    }
    case 'union': {
      const values = allOf(value.values);
      return values && { ...value, values };
    }
    default:
      return undefined;
  }
}

function allOf(values: readonly Value[]): Value[] | undefined {
  const found: Value[] = [];
  for (const value of values) {
    const again = repeatedData(value);
    if (again === undefined) return undefined;
    found.push(again);
  }
  return found;
}

/** What running an object gives, from memory where it has been run on the like before. */
export function runOnce(repeats: Repeats, instance: InstanceValue, given: Arguments, compute: () => Value): Value {
  const key = given.open ? null : repeats.argumentsKey(given);
  if (key === null) return compute();
  const known = instance.lastRun?.key === key ? repeated(instance.lastRun.result) : undefined;
  if (known === undefined) {
    const result = compute();
    if (repeats.argumentsKey(given) === key) instance.lastRun = { key, result };
    return result;
  }
  for (const value of [...given.positional, ...given.named.values()]) if (value.kind === 'tensor') value.consumed = true;
  return known;
}

/** The call's result, from memory where it has been made before. */
export function once(repeats: Repeats, callee: FunctionValue | ClassValue, given: Arguments, compute: () => Value): Value {
  const key = repeats.key(callee, given);
  if (key === null) return compute();
  const again = isHelper(callee, given) ? (value: Value) => repeatedData(value) ?? repeated(value) : repeated;
  const known = repeats.get(key);
  const result = known?.kind === 'instance' ? known : known && again(known);
  if (result !== undefined) return result;
  const value = compute();
  // What has changed its arguments may do so again.
  if ((value.kind === 'instance' || again(value) !== undefined) && repeats.key(callee, given) === key) repeats.set(key, value);
  return value;
}

/** A function of another file that makes something of what it is given. Its layers are that file's matter. */
function isHelper(callee: FunctionValue | ClassValue, { positional, named }: Arguments): boolean {
  return callee.kind === 'function' && callee.text !== null && isElsewhere(callee.base) && positional.length + named.size > 0;
}
