import type { Node } from 'web-tree-sitter';
import type { Workplace } from '../draft';
import { assignmentsOfAttribute, classAround, isUnconditional, methodAround } from '../syntax/bindings';
import { memberOf } from '../syntax/calls';
import { around, contains, functionAround, withWrapping } from '../syntax/nodes';

/** A layer that a class keeps: `self.conv1 = nn.Conv2d(…)`. */
export interface LayerAttribute {
  readonly statement: Node;
  /** `self`, `this`. */
  readonly object: string;
  readonly name: string;
  readonly owner: Node;
  /** True where the call is the whole value, false where it lies inside, as in a sequence. */
  readonly isWhole: boolean;
}

const constructors: ReadonlySet<string> = new Set(['__init__', 'setup', 'build', 'constructor']);

/** The attribute that the flagged call is assigned to, once, whenever its object is made; null where it is not so. */
export function attributeOf({ call }: Workplace): LayerAttribute | null {
  for (const assignment of around(call.node)) {
    if (assignment.type !== 'assignment' && assignment.type !== 'assignment_expression') continue;
    const left = assignment.childForFieldName('left');
    const right = assignment.childForFieldName('right');
    const member = left === null ? null : memberOf(left);
    const statement = assignment.parent;
    const owner = classAround(assignment);
    const method = functionAround(assignment);
    if (member === null || right === null || statement?.type !== 'expression_statement' || owner === null || method === null) return null;
    const object = member.object.text;
    const isReceiver = object === 'this' || object === receiverOf(method);
    const isConstructor = constructors.has(method.childForFieldName('name')?.text ?? '') && methodAround(assignment)?.id === method.id;
    if (!isReceiver || !isConstructor || !isUnconditional(statement, method) || !contains(right, call.node)) return null;
    if (assignmentsOfAttribute(object, member.name, owner) !== 1 || runsAllItHas(owner)) return null;
    return { statement, object, name: member.name, owner, isWhole: withWrapping(call.node).id === right.id };
  }
  return null;
}

/** A class that is a container, or asks for its own modules, would run a further one too. */
function runsAllItHas(owner: Node): boolean {
  const bases = owner.childForFieldName('superclasses')?.text ?? '';
  return (
    /(?:Sequential|ModuleList|ModuleDict)\b/.test(bases) ||
    /\.(?:children|named_children|modules|named_modules|_modules)\b/.test(owner.text)
  );
}

/** First parameter of a Python method. */
function receiverOf(method: Node): string | undefined {
  return method.childForFieldName('parameters')?.namedChildren[0]?.text;
}

/** True where an expression stands in a method of the attribute's class and calls the object by the same name. */
export function isReachable({ owner, object }: LayerAttribute, from: Node): boolean {
  const method = methodAround(from);
  return classAround(from)?.id === owner.id && method !== null && (object === 'this' || receiverOf(method) === object);
}

/** A name for the blur beside the layer, which nothing in the file has yet. */
export function blurAttributeName({ name }: LayerAttribute, source: string, isPython: boolean): string {
  const stem = isPython ? `${name}_blur` : `${name}Blur`;
  const candidates = [stem, ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => stem + String(number))];
  return candidates.find((candidate) => !new RegExp(`\\b${candidate.replace('$', '\\$')}\\b`).test(source)) ?? stem;
}
