import type { SourceRange } from '../../finding';
import { findMember } from './classes';
import { invoke } from './calls';
import { consume } from '../sites/feature-maps';
import type { Run } from '../run';
import { join, noArguments, numberValue, unknown, type Value, type Frame } from '../values/value';

/** `object.name`. */
export function readAttribute(run: Run, frame: Frame, object: Value, name: string, range: SourceRange): Value {
  switch (object.kind) {
    case 'union':
      return object.values.map((value) => readAttribute(run, frame, value, name, range)).reduce(join);
    case 'symbol':
      return { ...object, path: `${object.path}.${name}` };
    case 'record':
      return object.entries.get(name) ?? { kind: 'method', receiver: object, name };
    case 'instance': {
      const own = object.attributes.get(name);
      if (own !== undefined) return own;
      const member = findMember(object.class, name);
      if (member?.kind !== 'function') return member ?? { kind: 'method', receiver: object, name };
      const definition = member.definition();
      if (definition?.decorators.includes('staticmethod') === true) return member;
      const method = { ...member, receiver: object };
      if (definition?.decorators.includes('property') !== true) return method;
      return invoke(run, method, noArguments, { frame, range, callee: name, syntax: [] });
    }
    case 'class':
      if (name === '__name__') return { kind: 'string', value: object.definition.name };
      return findMember(object, name) ?? unknown;
    case 'super':
      return superMember(object, name);
    case 'list':
      if (name === 'length') return object.open ? unknown : numberValue(object.items.length);
      return { kind: 'method', receiver: object, name };
    case 'tensor':
      // The shape of a map says how far it was subsampled.
      if (name === 'shape') consume(object);
      return { kind: 'method', receiver: object, name };
    case 'kernel':
    case 'layer':
    case 'string':
    case 'function':
    case 'unknown':
      return { kind: 'method', receiver: object, name };
    default:
      return unknown;
  }
}

function superMember({ instance, owner }: Extract<Value, { kind: 'super' }>, name: string): Value {
  for (const base of owner.bases) {
    if (base.kind === 'class') {
      const member = findMember(base, name);
      if (member !== undefined) return member.kind === 'function' ? { ...member, receiver: instance } : member;
    }
  }
  return { kind: 'method', receiver: { kind: 'super', instance, owner }, name };
}
