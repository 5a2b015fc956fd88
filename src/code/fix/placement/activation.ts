import { t } from '@vscode/l10n';
import type { Node } from 'web-tree-sitter';
import { endOf } from '../../program/end-of-text';
import type { Workplace } from '../draft';
import { isBinding, mentionsOf } from '../syntax/bindings';
import { callOf } from '../syntax/calls';
import { alwaysFollows } from '../syntax/course';
import { around, contains, nodeAt, withWrapping } from '../syntax/nodes';

/** Where the output of a convolution is activated, for certain. */
export type CertainActivation =
  | { readonly kind: 'own' }
  /** The expression whose value is the activated map. */
  | { readonly kind: 'applied'; readonly node: Node }
  /** The call that builds the activation for a container. */
  | { readonly kind: 'element'; readonly node: Node };

/**
 * The one activation that every output of the convolution reaches and that reads nothing else: there a blur can take the
 * stride over. Null where the program does not show it.
 */
export function certainActivation(work: Workplace): CertainActivation | null {
  const { site, evaluation, root, call } = work;
  const [place, ...others] = site.activations;
  if (place === undefined || others.length > 0) return null;
  if (place.kind === 'own') return place;
  if (site.escapes || site.outputs === 0 || site.outputs !== site.activated || !evaluation.readsOnly(place.range, site)) return null;
  const node = nodeAt(root, place.range);
  if (node === null || callOf(node) === null) return null;
  if (place.kind === 'element') return alwaysFollows(call.node, node) ? { kind: 'element', node } : null;
  if (!isOneActivation(node)) return null;
  const applications = site.applications.map((range) => nodeAt(root, range));
  const runs = applications.filter((application) => application === null || !isBuiltInside(call.node, application));
  return runs.length > 0 && runs.every((run) => run !== null && run.id !== node.id && alwaysFollows(run, node))
    ? { kind: 'applied', node }
    : null;
}

/** A sequence's own call runs its layers once when it is built. */
function isBuiltInside(layer: Node, application: Node): boolean {
  const list = application.childForFieldName('arguments');
  return list !== null && layer.id !== application.id && contains(list, layer);
}

/** False for `layer(x)` in `for layer in layers` and `layers[i](x)`, which stand for many layers. */
function isOneActivation(node: Node): boolean {
  const callee = callOf(node)?.callee;
  if (callee === undefined || callee.type === 'subscript' || callee.type === 'subscript_expression') return false;
  // An activation whose value nobody takes works in place: a blur around it would be lost.
  if (withWrapping(node).parent?.type === 'expression_statement') return false;
  const root = /^[A-Za-z_$][\w$]*/.exec(callee.text)?.[0];
  if (root === undefined || callee.text.startsWith(`${root}(`)) return true;
  return !loopsAround(node).some((loop) => {
    const target = loop.childForFieldName('left');
    return target !== null && mentionsOf(root, target).some(isBinding);
  });
}

function loopsAround(node: Node): readonly Node[] {
  const loops: Node[] = [];
  for (const outer of around(node)) {
    if (outer.type === 'for_statement' || outer.type === 'for_in_statement') loops.push(outer);
    if (outer.type.endsWith('comprehension') || outer.type === 'generator_expression')
      loops.push(...outer.descendantsOfType('for_in_clause'));
  }
  return loops;
}

/** What a title calls an activation: `self.relu`, `layers.ReLU`. */
export function activationTitle(node: Node): string {
  const text = callOf(node)?.callee.text ?? t('the activation');
  const chain = text.replace(/\.apply$/, '');
  const inner = chain.endsWith(')') ? chain.slice(0, chain.indexOf('(')) : chain;
  return /^[\w$.]{1,40}$/.test(inner) ? inner : endOf(text, /[\w$]/) || t('the activation');
}
