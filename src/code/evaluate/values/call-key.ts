import { rangeKey } from './frame';
import { isElsewhere } from './offset-space';
import type { Arguments, ClassValue, FunctionValue, InstanceValue, LayerValue, TensorValue, Value } from './value';

/** Values within each other that a key spells out, and all that it spells; what is larger has no key. */
const deepest = 6;
const most = 512;

/** Names calls so that two of one name can show nothing that the other does not: by what is called and by what its arguments are. */
export class CallKeys {
  private readonly numbers = new WeakMap<object, number>();
  private next = 0;
  private left = 0;

  /** A name for a call with these arguments; null where an argument is one that the call could change. */
  of(callee: FunctionValue | ClassValue, given: Arguments): string | null {
    if (callee.kind === 'function' && callee.receiver !== null) return null;
    const parts = this.ofArguments(given);
    return parts === null ? null : this.calleePart(callee) + parts;
  }

  /** A name for arguments alone, of a call of one and the same object. */
  ofArguments(given: Arguments): string | null {
    this.left = most;
    return this.argumentsPart(given, deepest);
  }

  private calleePart(callee: FunctionValue | ClassValue): string {
    if (callee.kind === 'class') return `class${callee.base}:${callee.definition.start}`;
    return `function${callee.base}:${callee.definition()?.start ?? 0}:${this.numberOf(callee.scope)}`;
  }

  private argumentsPart({ positional, named, open, isFromOutside }: Arguments, depth: number): string | null {
    const items = this.all(positional, depth);
    const entries = this.entries(named, depth);
    return items === null || entries === null ? null : `(${items}|${entries}${open ? '...' : ''}${isFromOutside === true ? '~' : ''})`;
  }

  private all(values: readonly Value[], depth: number): string | null {
    let parts = '';
    for (const value of values) {
      const part = this.part(value, depth);
      if (part === null) return null;
      parts += `,${part}`;
    }
    return parts;
  }

  private entries(entries: ReadonlyMap<string, Value>, depth: number): string | null {
    let parts = '';
    for (const [name, value] of entries) {
      const part = this.part(value, depth);
      if (part === null) return null;
      parts += `,${name}=${part}`;
    }
    return parts;
  }

  private part(value: Value, depth: number): string | null {
    if (depth === 0 || --this.left < 0) return null;
    switch (value.kind) {
      case 'number':
        return `${value.value}@${value.at}${value.isFromOutside === true ? '~' : ''}`;
      case 'string':
        return JSON.stringify(value.value);
      case 'boolean':
        return String(value.value);
      case 'none':
      case 'unknown':
      case 'extent':
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
        return this.layerPart(value, depth - 1);
      case 'instance':
        return isRecordLike(value) ? this.recordPart(value, depth - 1) : `object${this.numberOf(value)}`;
      case 'list':
        return this.bracketed('[', this.all(value.items, depth - 1), value.open);
      case 'record':
        return this.bracketed(value.isFromOutside === true ? '~{' : '{', this.entries(value.entries, depth - 1), value.open);
      case 'partial':
        return this.partialPart(value, depth - 1);
      case 'method':
        // A method of a list may change it.
        return value.receiver.kind === 'list' || value.receiver.kind === 'record'
          ? null
          : this.dotted(value.receiver, value.name, depth - 1);
      case 'union':
        return this.bracketed('<', this.all(value.values, depth - 1), false);
      default:
        return null;
    }
  }

  private dotted(object: Value, name: string, depth: number): string | null {
    const part = this.part(object, depth);
    return part === null ? null : `${part}.${name}`;
  }

  /** A configuration that is copied for each block is told by what it holds. */
  private recordPart({ class: type, attributes }: InstanceValue, depth: number): string | null {
    return this.bracketed(`class${this.numberOf(type)}`, this.entries(attributes, depth), false);
  }

  private bracketed(bracket: string, parts: string | null, open: boolean): string | null {
    return parts === null ? null : `${bracket}${parts}${open ? ' ...' : ''}${bracket}`;
  }

  private partialPart({ callee, given }: Extract<Value, { kind: 'partial' }>, depth: number): string | null {
    const called = this.part(callee, depth);
    const parts = this.argumentsPart(given, depth);
    return called === null || parts === null ? null : `${called}${parts}`;
  }

  /** Layers that one call has built with the same outcome are one; those of a sequence are told by what it runs. */
  private layerPart({ callable, site, built, items }: LayerValue, depth: number): string | null {
    const inner = items === null ? '' : this.bracketed('[', this.all(items.items, depth), items.open);
    const isReported = site !== null && !(site.builtAt === null && isElsewhere(site.range.start));
    return inner === null ? null : `${callable.path}@${rangeKey(built)}:${isReported ? this.numberOf(site) : ''}${inner}`;
  }

  private numberOf(value: object): number {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    this.numbers.set(value, ++this.next);
    return this.next;
  }
}

const plainKinds: ReadonlySet<Value['kind']> = new Set(['number', 'string', 'boolean', 'none', 'unknown', 'symbol', 'class', 'function']);

/** Attributes of an object that is no layer and holds none. */
const mostFields = 32;

function isRecordLike({ layer, attributes, class: { bases } }: InstanceValue): boolean {
  if (layer !== null || attributes.size > mostFields || bases.some(({ kind }) => kind === 'symbol')) return false;
  for (const { kind } of attributes.values()) if (!plainKinds.has(kind)) return false;
  return attributes.size > 0;
}

/** A map that waits for nothing and remembers nothing. */
function isPlain({ pending, blurred, averaged }: TensorValue): boolean {
  return pending === null && !blurred && averaged === null;
}
