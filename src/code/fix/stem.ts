import type { Node } from 'web-tree-sitter';
import type { Workplace } from './draft';
import { applicationsOf } from './placement/application';
import { argumentOf } from './placement/arguments';
import { bindingsOf } from './syntax/bindings';
import { callOf, lastNameOf } from './syntax/calls';
import { contains, functionAround } from './syntax/nodes';

/**
 * True for a convolution that runs on the image itself. A blur there works at full resolution, so it is offered but not part
 * of "fix all". Told by one or three input channels, by a given input shape, or by an input tensor of the framework.
 */
export function isStem(work: Workplace): boolean {
  if (work.site.callable.role !== 'convolution') return false;
  return ['in_channels', 'in_features'].some((name) => isImageChannels(work, name)) || hasInputShape(work) || readsInput(work);
}

function isImageChannels(work: Workplace, name: string): boolean {
  const given = argumentOf(work, name);
  if (given.kind !== 'written') return false;
  const { value } = given.argument;
  return isImageCount(value) || (value.type === 'identifier' && isImageCount(defaultOf(value)));
}

function isImageCount(value: Node | null): boolean {
  return value !== null && (value.text === '1' || value.text === '3');
}

/** The default of a parameter of the function around: `in_channels=3`. */
function defaultOf(name: Node): Node | null {
  const home = functionAround(name);
  const parameter =
    home === null
      ? undefined
      : bindingsOf(name.text, home).find(
          ({ parent }) => parent?.type === 'default_parameter' || parent?.type === 'typed_default_parameter',
        );
  return parameter?.parent?.childForFieldName('value') ?? null;
}

function hasInputShape(work: Workplace): boolean {
  return ['input_shape', 'batch_input_shape', 'inputShape', 'batchInputShape'].some((name) => argumentOf(work, name).kind === 'written');
}

/** Steps from a convolution back to the model's input: padding and rescaling lie between. */
const longestWay = 4;

function readsInput(work: Workplace): boolean {
  const applications = applicationsOf(work);
  return applications !== null && applications.some(({ input }) => input !== null && comesFromInput(input, longestWay));
}

function comesFromInput(expression: Node, steps: number): boolean {
  if (steps === 0) return false;
  if (expression.type === 'identifier') {
    const value = lastValueOf(expression);
    return value !== null && comesFromInput(value, steps - 1);
  }
  const call = callOf(expression);
  if (call === null) return false;
  const name = lastNameOf(call.callee);
  if (name === 'Input' || name === 'input') return true;
  // `layers.ZeroPadding2D(3)(inputs)`, `tf.layers.zeroPadding2d({…}).apply(input)`.
  const isPreparation = /(?:ZeroPadding|Rescaling|Normalization|zeroPadding|rescaling)/.test(call.callee.text);
  const input = call.arguments[0]?.value;
  return isPreparation && input !== undefined && comesFromInput(input, steps - 1);
}

/** What was assigned to a name last before it is read, in the same function. */
function lastValueOf(name: Node): Node | null {
  const home = functionAround(name) ?? name.tree.rootNode;
  const last = bindingsOf(name.text, home).findLast((binding) => {
    if (binding.startIndex >= name.startIndex) return false;
    const { parent } = binding;
    // `x = layer(x)` reads what x was before.
    if (parent !== null && contains(parent, name)) return false;
    const owner = functionAround(binding);
    return owner === null || owner.id === home.id;
  });
  const holder = last?.parent;
  return holder?.childForFieldName('right') ?? holder?.childForFieldName('value') ?? null;
}
