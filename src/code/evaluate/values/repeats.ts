import {
  tensorValue,
  type Arguments,
  type ClassValue,
  type FunctionValue,
  type InstanceValue,
  type TensorValue,
  type Value,
} from './value';

/**
 * What has been computed for the same arguments: deep networks build the same block many times over, and a second look at
 * it shows nothing new.
 */
export class Repeats {
  private readonly results = new Map<string, Value>();
  private readonly numbers = new WeakMap<object, number>();
  private next = 0;

  /** A name for a call with these arguments; null where an argument is one that the call could change. */
  key(callee: FunctionValue | ClassValue, given: Arguments): string | null {
    if (given.open || (callee.kind === 'function' && callee.receiver !== null)) return null;
    let key = `${callee.kind}${callee.base}:${callee.kind === 'function' ? `${callee.definition()?.start ?? 0}:${this.numberOf(callee.scope)}` : callee.definition.start}`;
    for (const value of given.positional) {
      const part = this.part(value);
      if (part === null) return null;
      key += `,${part}`;
    }
    for (const [name, value] of given.named) {
      const part = this.part(value);
      if (part === null) return null;
      key += `,${name}=${part}`;
    }
    return key;
  }

  get(key: string): Value | undefined {
    return this.results.get(key);
  }

  set(key: string, value: Value): void {
    this.results.set(key, value);
  }

  private part(value: Value): string | null {
    switch (value.kind) {
      case 'number':
        return `${value.value}@${value.at}`;
      case 'string':
        return `"${value.value}"`;
      case 'boolean':
        return String(value.value);
      case 'none':
      case 'unknown':
        return value.kind;
      case 'symbol':
        return value.path;
      case 'tensor':
        return isPlain(value) ? 'map' : null;
      case 'class':
        return `class${this.numberOf(value)}`;
      case 'function':
        return value.receiver === null ? `function${this.numberOf(value)}` : null;
      case 'layer':
        return value.items === null ? `layer${this.numberOf(value)}` : null;
      default:
        return null;
    }
  }

  private numberOf(value: object): number {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    this.numbers.set(value, ++this.next);
    return this.next;
  }
}

/** A map that waits for nothing and remembers nothing. */
function isPlain({ pending, blurred, averaged }: TensorValue): boolean {
  return pending === null && !blurred && averaged === null;
}

/** What a repeated call gives, where that can be told from the first: a layer that nothing adds to, or a map like the first one. */
export function repeated(value: Value): Value | undefined {
  if (value.kind === 'layer') return value.items === null ? value : undefined;
  return value.kind === 'tensor' ? tensorValue({ pending: value.pending, blurred: value.blurred, averaged: value.averaged }) : undefined;
}

/** What running an object on plain maps gives, from memory where it has been run before. */
export function runOnce(instance: InstanceValue, given: Arguments, compute: () => Value): Value {
  const isRepeatable =
    !given.open && given.named.size === 0 && given.positional.every((value) => value.kind === 'tensor' && isPlain(value));
  if (!isRepeatable) return compute();
  const known = instance.lastResult === null ? undefined : repeated(instance.lastResult);
  if (known === undefined) return (instance.lastResult = compute());
  for (const value of given.positional) if (value.kind === 'tensor') value.consumed = true;
  return known;
}

/** The call's result, from memory where it has been made before. */
export function once(repeats: Repeats, callee: FunctionValue | ClassValue, given: Arguments, compute: () => Value): Value {
  const key = repeats.key(callee, given);
  const known = key === null ? undefined : repeats.get(key);
  const again = known === undefined ? undefined : known.kind === 'instance' ? known : repeated(known);
  if (again !== undefined) return again;
  const value = compute();
  if (key !== null && (value.kind === 'instance' || repeated(value) !== undefined)) repeats.set(key, value);
  return value;
}
