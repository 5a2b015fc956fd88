import type { Node } from 'web-tree-sitter';
import type { Change } from '../change';
import type { Workplace } from '../draft';
import { childrenOf, bare, rangeOf } from '../syntax/nodes';
import { removeItem } from '../syntax/items';
import { meansTheSameAt } from '../syntax/meaning';
import { argumentOf, type GivenArgument } from './arguments';

/** The stride of a flagged call, taken from it to be given to a blur. */
export interface TakenStride {
  /** As a blur takes it: `2`, `(2, 2)`, `stride`. */
  readonly text: string;
  /** Where it is written; null where it follows from a default. */
  readonly node: Node | null;
  /** What leaves the call with stride 1. */
  readonly removal: readonly Change[];
}

/** Takes the stride out of a call; null where the call does not show it. */
export function takeStride(work: Workplace): TakenStride | null {
  const { stride, kernel } = work.site.callable;
  if (stride === null) return null;
  const given = argumentOf(work, stride.name);
  if (given.kind === 'hidden') return null;
  if (given.kind === 'written' && !isNothing(given.argument.value)) return takeWritten(work, given, stride.batchEntries !== 'none');
  // A pool without a stride takes its kernel's.
  if (stride.fallback !== 'kernel' || kernel === null) return null;
  const window = argumentOf(work, kernel.name);
  if (window.kind === 'hidden' || (window.kind === 'default' && typeof kernel.fallback !== 'number')) return null;
  const node = window.kind === 'written' ? window.argument.value : null;
  const text = node?.text ?? String(kernel.fallback);
  if (given.kind === 'written') return { text, node, removal: [replacement(given.argument.value, '1')] };
  const last = work.call.arguments.at(-1);
  if (last === undefined || work.site.callable.options) return null;
  return { text, node, removal: [{ kind: 'insert', offset: last.node.endIndex, text: `, ${stride.name}=1` }] };
}

function takeWritten(work: Workplace, given: GivenArgument & { kind: 'written' }, batched: boolean): TakenStride | null {
  const { argument, form } = given;
  const value = bare(argument.value);
  const text = batched ? withoutBatch(work, value) : argument.value.text;
  if (text === null) return null;
  const canBeLeftOut = form !== 'position' && work.site.callable.stride?.fallback === 1;
  const overridesSpread =
    form === 'option' && argument.node.parent !== null && childrenOf(argument.node.parent).some(({ type }) => type === 'spread_element');
  if (canBeLeftOut && !overridesSpread) return { text, node: argument.value, removal: [removeItem(argument.node, work.source)] };
  const unit = unitOf(work, value);
  const isShorthand = argument.node.id === argument.value.id && form === 'option';
  return { text, node: argument.value, removal: [replacement(argument.value, isShorthand ? `${argument.node.text}: ${unit}` : unit)] };
}

/** Stride 1 as an operation takes it: some insist on entries for batch and channels. */
function unitOf({ site }: Workplace, value: Node): string {
  const entries = site.callable.stride?.batchEntries ?? 'none';
  const written = entries !== 'none' && isList(value) ? childrenOf(value).length : 0;
  const length = entries === 'required' ? site.callable.dimensions + 2 : written;
  return length > 2 ? `[${Array.from({ length }, () => '1').join(', ')}]` : '1';
}

function isList({ type }: Node): boolean {
  return type === 'list' || type === 'tuple' || type === 'array';
}

/** `[1, 2, 2, 1]` over the image axes. */
function withoutBatch({ site }: Workplace, value: Node): string | null {
  if (!isList(value)) {
    if (value.type === 'integer' || value.type === 'number') return value.text;
    const [only, ...others] = site.cases;
    return only === undefined || others.length > 0 ? null : stridesText(only.stride);
  }
  const items = childrenOf(value).map(({ text }) => text);
  const axes = site.callable.dimensions > 0 ? items.length === site.callable.dimensions + 2 : items.length > 2;
  const inner = !axes ? items : items[1] === '1' && items.at(-1) !== '1' ? items.slice(2) : items.slice(1, -1);
  return new Set(inner).size === 1 ? (inner[0] ?? null) : `(${inner.join(', ')})`;
}

function stridesText(stride: readonly (number | null)[]): string | null {
  if (stride.includes(null)) return null;
  return new Set(stride).size === 1 ? String(stride[0]) : `(${stride.join(', ')})`;
}

/** How the call says that its map has channels first, where it says so: a blur has to know it too. */
export function formatOf(work: Workplace): Node | null {
  const given = argumentOf(work, work.isPython ? 'data_format' : 'dataFormat');
  if (given.kind !== 'written' || isNothing(given.argument.value)) return null;
  const { value } = given.argument;
  return /^['"](?:channels_?[lL]ast|N[DHW]*C)['"]$/.test(value.text) ? null : value;
}

/** True where a stride, and the data format with it, can be written at a place and still mean the same. */
export function canName(work: Workplace, { node }: TakenStride, place: Node): boolean {
  return [node, formatOf(work)].every((moved) => moved === null || meansTheSameAt(moved, place));
}

function isNothing(value: Node): boolean {
  return ['none', 'null', 'undefined'].includes(value.type) || value.text === 'undefined';
}

function replacement(node: Node, text: string): Change {
  return { kind: 'replace', range: rangeOf(node), text };
}
