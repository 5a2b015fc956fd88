import type { Node } from 'web-tree-sitter';
import { inputOf } from './arguments';
import { attributeOf } from './attribute';
import type { Workplace } from '../draft';
import { bindingsOf } from '../syntax/bindings';
import { callOf, memberOf, type CallSyntax } from '../syntax/calls';
import { bare, functionAround, nodeAt, withWrapping } from '../syntax/nodes';

/** An expression that runs the flagged layer and no other. */
export interface Application {
  readonly node: Node;
  readonly input: Node | null;
}

/** Every expression that runs the layer; null where one of them may run something else, or none is seen. */
export function applicationsOf(work: Workplace): readonly Application[] | null {
  const { site, root, call } = work;
  if (site.callable.form === 'operation') return [{ node: call.node, input: inputOf(work) }];
  const found: Application[] = [];
  for (const range of site.applications) {
    const node = nodeAt(root, range);
    const application = node === null ? null : callOf(node);
    if (application === null || !runsOnly(work, application)) return null;
    found.push({ node: application.node, input: inputOf(work, application) });
  }
  return found.length === 0 ? null : found;
}

function runsOnly(work: Workplace, { callee }: CallSyntax): boolean {
  const layer = work.isPython ? bare(callee) : receiverOfApply(callee);
  if (layer === null) return false;
  if (layer.id === work.call.node.id) return true;
  const member = memberOf(layer);
  if (member !== null) {
    const attribute = attributeOf(work);
    return attribute !== null && attribute.isWhole && layer.text === `${attribute.object}.${attribute.name}`;
  }
  return layer.type === 'identifier' && isVariableOf(work, layer);
}

/** `layer` of `layer.apply(x)`. */
function receiverOfApply(callee: Node): Node | null {
  const member = memberOf(callee);
  return member?.name === 'apply' ? bare(member.object) : null;
}

/** True where a variable is bound once, to the flagged call, in the function that uses it. */
function isVariableOf({ call, root }: Workplace, variable: Node): boolean {
  const holder = withWrapping(call.node).parent;
  const target = holder?.childForFieldName(holder.type === 'variable_declarator' ? 'name' : 'left');
  if (holder === null || target?.type !== 'identifier' || target.text !== variable.text) return false;
  const scope = functionAround(call.node);
  if (functionAround(variable)?.id !== scope?.id) return false;
  return bindingsOf(variable.text, scope ?? root).length === 1;
}
