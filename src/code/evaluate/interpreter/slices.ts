import type { FoundCallable } from '../../frameworks/catalogue';
import { subsamplingSlice } from '../../frameworks/slice';
import type { Expression } from '../../program/program';
import { mapsIn } from '../sites/feature-maps';
import { textOf, type Run } from '../run';
import { rangeIn } from '../values/frame';
import {
  alternatives,
  listValue,
  none,
  numberValue,
  tensorValue,
  type Frame,
  type ListValue,
  type SliceValue,
  type Value,
} from '../values/value';
import { evaluate } from './expressions';
import { recordSite, runWindow } from './layers';

/** Characters of a slice that a message shows. */
const longestTitle = 60;

/** `...` in an index. */
export const ellipsis: SliceValue = { kind: 'slice', isEllipsis: true, from: none, to: none, step: none };

/** `from:to:step`. */
export function sliceValue(run: Run, frame: Frame, { from, to, step }: Extract<Expression, { kind: 'slice' }>): SliceValue {
  const valueOf = (part: Expression | null): Value => (part === null ? none : evaluate(run, frame, part));
  return { kind: 'slice', isEllipsis: false, from: valueOf(from), to: valueOf(to), step: valueOf(step) };
}

/** A subscript with what its parts have come to. */
interface SlicedMap {
  readonly expression: Extract<Expression, { kind: 'subscript' }>;
  readonly object: Value;
  readonly index: Value;
}

/** The part of a feature map that a slice with steps keeps; undefined for any other subscript. */
export function sliceMap(run: Run, frame: Frame, { expression, object, index }: SlicedMap): Value | undefined {
  const [framework] = run.frameworks;
  if (framework === undefined || index.kind !== 'list') return undefined;
  const maps = mapsIn(object);
  const mayBeMap = maps.length > 0 || object.kind === 'unknown';
  const axes = mayBeMap ? imageAxes(index, maps.length > 0, framework.channelsFirst) : null;
  if (axes === null) return undefined;
  const steps = axes.map(({ step }) => (step.kind === 'none' ? numberValue(1) : step));
  if (steps.every((step) => step.kind === 'number' && step.value <= 1)) return undefined;
  const range = rangeIn(frame, expression);
  const found: FoundCallable = { framework, callable: subsamplingSlice(axes.length === 1 ? 1 : axes.length === 3 ? 3 : 2) };
  const given = { positional: [object], named: new Map([['step', listValue(steps)]]), open: false };
  const text = textOf(run, range).replace(/\s+/g, ' ');
  const callee = text.length > longestTitle ? `${text.slice(0, longestTitle - 1)}…` : text;
  const place = { frame, range, callee, syntax: [] };
  const site = recordSite(run, { found, importedAs: null, given, place, derived: false });
  const key = maps[0] ?? `${frame.base}:${textOf(run, rangeIn(frame, expression.object))}`;
  const others = run.slices.get(key) ?? [];
  run.slices.set(key, others);
  const offset = axes.map(({ from }) => (from.kind === 'none' ? 0 : from.kind === 'number' ? from.value : null)).join();
  if (!others.some((other) => other.offset === offset)) others.push({ offset, site });
  const blocks = steps.reduce((product, step) => product * (step.kind === 'number' ? step.value : Infinity), 1);
  if (others.length === blocks) for (const other of others) other.site.rearranges = others[0]?.site ?? null;
  // Each slice reads the map anew; only the first one may stand behind a blur.
  return maps.length > 0 ? runWindow(site, object, range) : tensorValue();
}

/**
 * The image axes of an index that a step divides: two neighbours, or one behind batch and channels. Pairs of features
 * (`x[..., ::2]`), lists and channels are none.
 */
function imageAxes(index: ListValue, isMap: boolean, channelsFirst: boolean): readonly SliceValue[] | null {
  if (index.open || index.items.some((item) => alternatives(item).length > 1)) return null;
  const items = index.items;
  if (!isMap && (items.length < 4 || items.includes(ellipsis))) return null;
  const stepping = items.flatMap((item, axis) => (isStepping(item, isMap) ? [axis] : []));
  const [first = -1, ...others] = stepping;
  const last = others.at(-1) ?? first;
  if (first < 1 || last - first !== others.length) return null;
  if (stepping.length > 1) return itemsBetween(items, first, last);
  // One axis alone is the image's only where the index says where batch and channels are.
  if (!channelsFirst || first < 2 || items.includes(ellipsis) || !items.slice(0, 2).every(isWhole)) return null;
  return itemsBetween(items, 2, items.length - 1);
}

function itemsBetween(items: readonly Value[], first: number, last: number): readonly SliceValue[] | null {
  const between = items.slice(first, last + 1).filter((item) => item.kind === 'slice');
  return between.length === last - first + 1 ? between : null;
}

/** A step that is not known says little of what need not be a map: lists of indices are cut like that too. */
function isStepping(item: Value, isMap: boolean): boolean {
  if (item.kind !== 'slice' || item.step.kind === 'none') return false;
  const { step } = item;
  return step.kind === 'number' ? step.value > 1 : step.kind === 'unknown' && isMap;
}

function isWhole(item: Value): boolean {
  return item.kind === 'slice' && !item.isEllipsis && item.from.kind === 'none' && item.to.kind === 'none' && item.step.kind === 'none';
}
