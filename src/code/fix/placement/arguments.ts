import type { Node } from 'web-tree-sitter';
import type { Workplace } from '../draft';
import { lastNameOf, memberOf, optionsOf, type ArgumentSyntax, type CallSyntax } from '../syntax/calls';
import { bindingsOf } from '../syntax/bindings';
import { importedPathOf } from '../syntax/import-paths';
import { oncePerTree } from '../syntax/once-per-tree';

/** An argument of a flagged call: written, left to its default, or given in a way that the call does not show. */
export type GivenArgument =
  | { readonly kind: 'written'; readonly argument: ArgumentSyntax; readonly form: 'keyword' | 'position' | 'option' }
  | { readonly kind: 'default' }
  | { readonly kind: 'hidden' };

/** How a flagged call gives one of its parameters. */
export function argumentOf(work: Workplace, name: string): GivenArgument {
  const { call, site } = work;
  const { callable } = site;
  if (callable.options) {
    const entries = optionsOf(call);
    if (entries === null) return { kind: 'hidden' };
    const entry = entries.findLast((one) => one.name === name);
    if (entry !== undefined) return { kind: 'written', argument: entry, form: 'option' };
    return { kind: entries.some(({ isSpread }) => isSpread) ? 'hidden' : 'default' };
  }
  const keyword = call.arguments.find((argument) => argument.name === name);
  if (keyword !== undefined) return { kind: 'written', argument: keyword, form: 'keyword' };
  const index = positionOf(work, name);
  const positional = call.arguments.filter((argument) => argument.name === null);
  const isReached = index >= 0 && index < positional.length && !positional.slice(0, index + 1).some(({ isSpread }) => isSpread);
  if (!isReached && call.arguments.some(({ isSpread }) => isSpread)) return { kind: 'hidden' };
  const argument = index < 0 ? undefined : positional[index];
  if (argument === undefined) return { kind: isPlainCallee(work) ? 'default' : 'hidden' };
  if (!isPlainCallee(work) && !keepsPositions(work.root)) return { kind: 'hidden' };
  return { kind: 'written', argument, form: 'position' };
}

/** Index of a parameter among the positional arguments as written; -1 where it can only be named. */
function positionOf(work: Workplace, name: string): number {
  const { callable } = work.site;
  const index = callable.parameters.indexOf(name);
  return index >= 0 && callable.form === 'operation' && !isMethodForm(work) ? index + 1 : index;
}

/** `x.maxPool(…)`: the map is the receiver. */
export function isMethodForm({ site }: Workplace): boolean {
  return site.importedAs === null;
}

/** The map that an operation runs on: its first argument or its receiver. */
export function inputOf(work: Workplace, call: CallSyntax = work.call): Node | null {
  if (call.node.id === work.call.node.id && isMethodForm(work)) return memberOf(call.callee)?.object ?? null;
  if (call.node.id === work.call.node.id && work.site.callable.options)
    return optionsOf(call)?.find(({ name }) => name === 'x')?.value ?? null;
  const first = call.arguments.find(({ name }) => name === null || ['input', 'inputs', 'x'].includes(name));
  return first === undefined || first.isSpread ? null : first.value;
}

/** True where the callee names the framework's layer itself, not a variable, a parameter or a partial that stands for it. */
export function isPlainCallee({ call, site, root, isPython }: Workplace): boolean {
  const canonical = site.callable.path.slice(site.callable.path.lastIndexOf('.') + 1);
  const member = memberOf(call.callee);
  if (member !== null) return member.name === canonical && !/^(?:self|this|cls)\b/.test(member.object.text);
  const name = lastNameOf(call.callee);
  if (importedPathOf(root, name, isPython)?.endsWith(canonical) === true) return bindingsOf(name, root).length === 1;
  // `MaxPool = nn.MaxPool2d`, `const {maxPooling2d} = tf.layers`.
  const bindings = bindingsOf(name, root);
  const holder = bindings[0]?.parent;
  if (bindings.length !== 1 || holder === null || holder === undefined) return bindings.length === 0 && name === canonical;
  const value = holder.childForFieldName('right') ?? holder.childForFieldName('value');
  return (value !== null && memberOf(value)?.name === canonical) || (holder.type === 'object_pattern' && name === canonical);
}

/** True where no `partial` of the file puts positional arguments in front of those of the call. */
const keepsPositions = oncePerTree((root): boolean =>
  root
    .descendantsOfType('call')
    .filter((call) => /(?:^|\.)partial$/.test(call.childForFieldName('function')?.text ?? ''))
    .every((call) =>
      (call.childForFieldName('arguments')?.namedChildren ?? [])
        .slice(1)
        .every(({ type }) => type === 'keyword_argument' || type === 'dictionary_splat' || type === 'comment'),
    ),
);
