import { elementType } from '../../wire/schema';
import { productFlow } from '../../../../graph/axis-flow';
import type { Dimension, Operation, Shape } from '../../../../graph/model-graph';
import { broadcast } from '../../../../graph/shapes';
import { inputShape, intAttribute, textAttribute, type OperatorCall, type OperatorResult } from '../call';
import type { OnnxOperator, OperatorRule } from '../operator';

const positional: Operation = { kind: 'positional' };

/** Operators that multiply matrices, or stacks of them. */
export const products: readonly OnnxOperator[] = [
  { names: ['MatMul'], infer: matMul(), axisFlow: ({ inputs }) => productFlow(inputs, [false, false]) },
  { names: ['MatMulInteger'], infer: matMul(), resultType: { stated: () => elementType.int32 } },
  { names: ['QLinearMatMul'], infer: matMul(3), quantizesBy: [6, 7] },
  { names: ['Gemm'], infer: gemm(), axisFlow: (call) => productFlow(call.inputs, [isTurned(call, 'transA'), isTurned(call, 'transB')]) },
  { names: ['FusedGemm'], domains: ['com.microsoft'], infer: gemm() },
  { names: ['QGemm'], domains: ['com.microsoft'], infer: gemm(3) },
  { names: ['MatMulNBits'], domains: ['com.microsoft'], infer: packedMatMul },
  {
    names: ['FusedMatMul', 'TransposeMatMul', 'MatMulIntegerToFloat'],
    domains: ['com.microsoft'],
    infer: () => mixed(undefined),
  },
  { names: ['DynamicQuantizeMatMul'], domains: ['com.microsoft'], infer: () => mixed(undefined), mixesImages: true },
  { names: ['Einsum'], infer: einsum },
];

function mixed(shape: Shape): OperatorResult {
  return { operation: positional, shapes: [shape], layout: 'channels-first' };
}

function isTurned(call: OperatorCall, attribute: 'transA' | 'transB'): boolean {
  return intAttribute(call, attribute, 0) === 1;
}

/** Gemm: `[m, k] x [k, n]`, either transposed. @param right index of the second operand */
function gemm(right = 1): OperatorRule {
  return (call) => {
    const rows = inputShape(call, 0)?.[isTurned(call, 'transA') ? 1 : 0] ?? null;
    const columns = inputShape(call, right)?.[isTurned(call, 'transB') ? 0 : 1] ?? null;
    return mixed([rows, columns]);
  };
}

/**
 * MatMul of matrices or stacks of them. A constant matrix behind a map with its channels last is a 1x1 convolution: it mixes
 * channels and no positions. @param right index of the second operand
 */
function matMul(right = 1): OperatorRule {
  return (call) => {
    const a = inputShape(call, 0);
    const b = inputShape(call, right);
    const shape = matrixProduct(a, b);
    const isDense = call.layout === 'channels-last' && b?.length === 2 && call.inputs[right]?.constant !== undefined;
    return isDense ? { operation: { kind: 'channelwise' }, shapes: [shape] } : mixed(shape);
  };
}

/** NumPy's rule: a vector is a row on the left and a column on the right; leading axes broadcast. */
function matrixProduct(a: Shape, b: Shape): Shape {
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return undefined;
  const stack = broadcast([a.slice(0, -2), b.slice(0, -2)]) ?? [];
  const rows = a.length === 1 ? [] : [a.at(-2) ?? null];
  const columns = b.length === 1 ? [] : [b.at(-1) ?? null];
  return [...stack, ...rows, ...columns];
}

/** Weights packed in blocks of 4 or 8 bits: `N` columns. */
function packedMatMul(call: OperatorCall): OperatorResult {
  const shape = inputShape(call, 0);
  const columns = call.node.attributes.get('N')?.int ?? null;
  const after = shape && [...shape.slice(0, -1), columns];
  return call.layout === 'channels-last' ? { operation: { kind: 'channelwise' }, shapes: [after] } : mixed(after);
}

/** Einsum: lengths by letter; `...` stands for leading axes that broadcast. */
function einsum(call: OperatorCall): OperatorResult {
  return mixed(einsumShape(call));
}

function einsumShape(call: OperatorCall): Shape {
  const equation = textAttribute(call, 'equation', '').replaceAll(' ', '');
  const [left = '', right] = equation.split('->');
  const terms = left.split(',');
  const lengths = new Map<string, Dimension>();
  let stack: Shape = [];
  for (const [index, term] of terms.entries()) {
    const shape = inputShape(call, index);
    if (shape === undefined) return undefined;
    const letters = term.replace('...', '');
    const at = term.indexOf('...');
    const hidden = shape.length - letters.length;
    if (hidden < 0 || (at < 0 && hidden > 0)) return undefined;
    for (const [place, letter] of Array.from(letters).entries()) {
      const length = shape[at >= 0 && place >= at ? place + hidden : place] ?? null;
      const known = lengths.get(letter);
      lengths.set(letter, known === undefined || known === null || known === 1 ? length : known);
    }
    if (at >= 0) stack = broadcast([stack, shape.slice(at, at + hidden)]);
  }
  const output = right ?? implicitOutput(terms);
  return [...output.matchAll(/\.\.\.|[A-Za-z]/g)].flatMap(([part]) => (part === '...' ? (stack ?? []) : [lengths.get(part) ?? null]));
}

/** Without `->` the result has the letters that occur once, in alphabetical order. */
function implicitOutput(terms: readonly string[]): string {
  const letters = terms.join('').replaceAll('...', '');
  const once = Array.from(new Set(letters))
    .filter((letter) => letters.split(letter).length === 2)
    .sort((a, b) => (a < b ? -1 : 1));
  return (terms.some((term) => term.includes('...')) ? '...' : '') + once.join('');
}
