import { t } from '@vscode/l10n';
import type { SourceRange } from '../../finding';
import { codeLimits } from '../../../core/limits';
import type { Callable, Role } from '../../frameworks/callable';
import type { FoundCallable } from '../../frameworks/catalogue';
import { call } from './calls';
import { activate, consume, mapsIn, passThrough } from '../sites/feature-maps';
import { isLowPass } from './kernels';
import { rangeKey } from '../values/frame';
import { paid, spend, type CallPlace, type Run } from '../run';
import { JudgingStopped } from '../../program/stop';
import { callThatBrings } from '../sites/bringing-call';
import { unseenSite, type LayerSite, type NeededArgument, type StrideCase } from '../sites/site';
import { isElsewhere } from '../values/offset-space';
import {
  alternatives,
  listValue,
  tensorValue,
  unknown,
  type Arguments,
  type LayerValue,
  type ListValue,
  type Value,
} from '../values/value';
import { kernelsOf, parameterValue, strideCases, strideLengths } from '../sites/window-values';

/** An activation function among the items of a sequence is no call of its own. */
const nowhere: SourceRange = { start: -1, end: -1 };

/** A call of what a library offers, as the program writes it. */
export interface LibraryCall {
  readonly found: FoundCallable;
  /** Null for a method, which is not imported. */
  readonly importedAs: string | null;
  readonly given: Arguments;
  readonly place: CallPlace;
  /** True for a class of the program's own that is derived from the library's. */
  readonly derived: boolean;
}

/** A call that builds a layer: `nn.Conv2d(3, 64, 3, stride=2)`. */
export function buildLayer(run: Run, built: LibraryCall): LayerValue {
  const { given, place } = built;
  const found = isFixedFilter(built.found.callable, given) ? asOwnBlur(built.found) : variantOf(built.found, given);
  const { callable } = found;
  const isWritten = place.range.start >= 0;
  const site = isWritten && isWindow(found) && !widensItsFilter(callable, given) ? recordSite(run, { ...built, found }) : null;
  const items = callable.role === 'sequence' || callable.role === 'holder' ? itemsOf(given) : null;
  const layer: LayerValue = { kind: 'layer', callable, site, built: place.range, smooths: smooths(found, given, place), items, tail: null };
  if (callable.role === 'sequence' && items !== null) {
    layer.tail = items.items.reduce<Value>((value, item) => runItem(run, item, value, place), tensorValue());
  }
  return layer;
}

/** A blur of stride 1; one that subsamples leaves nothing for the next subsampling. */
function smooths({ callable }: FoundCallable, given: Arguments, place: CallPlace): boolean {
  return (
    callable.role === 'blur' &&
    callable.stride !== null &&
    strideCases(callable, given, place).every(({ stride }) => stride.every((step) => step === 1))
  );
}

const windowRoles: ReadonlySet<Role> = new Set(['max-pool', 'average-pool', 'convolution', 'subsample', 'resize', 'space-to-depth']);

/** What drops samples; of blurs those whose filter a call names, which may be too narrow. */
function isWindow({ callable }: FoundCallable): boolean {
  return windowRoles.has(callable.role) || (callable.role === 'blur' && callable.kernel !== null);
}

/** The row that an argument chooses. */
function variantOf(found: FoundCallable, given: Arguments): FoundCallable {
  const { variants } = found.callable;
  const chosen = variants === undefined ? undefined : parameterValue(found.callable, given, variants.parameter);
  const callable = chosen?.kind === 'string' || chosen?.kind === 'number' ? variants?.of[chosen.value] : undefined;
  return callable === undefined ? found : { ...found, callable };
}

/** True of a resize that filters as it should, and of what enlarges. */
function widensItsFilter(callable: Callable, given: Arguments): boolean {
  const enlarges = callable.enlargesWith === undefined ? undefined : given.named.get(callable.enlargesWith);
  if (enlarges?.kind === 'boolean' && enlarges.value) return true;
  const name = callable.interpolation?.antialias ?? null;
  const value = name === null ? undefined : parameterValue(callable, given, name);
  return value !== undefined && value.kind !== 'none' && !(value.kind === 'boolean' && !value.value);
}

/** True of a depthwise layer that is not trained: a low-pass filter that someone has written by hand. */
function isFixedFilter(callable: Callable, given: Arguments): boolean {
  if (callable.isDepthwise !== true) return false;
  const trains = parameterValue(callable, given, 'trainable');
  return trains?.kind === 'boolean' && !trains.value;
}

/** True of a convolution of each channel with numbers that are not trained. */
function filtersByHand(callable: Callable, given: Arguments): boolean {
  if (callable.weights === undefined || !isLowPass(parameterValue(callable, given, callable.weights))) return false;
  if (callable.isDepthwise === true) return true;
  const groups = callable.parameters.includes('groups') ? parameterValue(callable, given, 'groups') : undefined;
  return groups !== undefined && !(groups.kind === 'number' && groups.value === 1);
}

/** The same call as the blur that it is. */
function asOwnBlur({ framework, callable }: FoundCallable): FoundCallable {
  return { framework, callable: { ...callable, role: 'blur', kernel: null } };
}

/** Layers given one by one, as a list, as named entries, or under `layers`. */
function itemsOf(given: Arguments): ListValue {
  const [first, ...others] = given.positional;
  const inner = first?.kind === 'record' ? (first.entries.get('layers') ?? first) : (first ?? given.named.get('layers'));
  if (others.length === 0 && inner?.kind === 'list') return listValue(inner.items, inner.open || given.open);
  if (others.length === 0 && inner?.kind === 'record') return listValue([...inner.entries.values()], inner.open);
  return listValue(given.positional, given.open);
}

/** Adds what this evaluation of the call shows to what earlier ones have. */
export function recordSite(run: Run, call: LibraryCall): LayerSite {
  const { found, given, place } = call;
  if (isElsewhere(place.range.start)) return recordElsewhere(run, call);
  const { callable } = found;
  const site = siteNamed(run, rangeKey(place.range), () => newSite(call, place.range, null));
  if (site.callable !== callable) site.mixed = true;
  const onlyWith = neededArguments(run);
  for (const { at, stride, givenBy } of strideCases(callable, given, place)) {
    // A call that passes the stride says more of it than where the number stands.
    const writtenAt = givenBy === null && isElsewhere(at) ? run.modules?.placeOf({ start: at, end: at + 1 }) : undefined;
    addCase(run, site, call, { stride, givenBy, onlyWith, ...(writtenAt !== undefined && { writtenAt }) });
  }
  if (hasOwnActivation(callable, given) && site.activations.length === 0) site.activations.push({ kind: 'own' });
  return site;
}

/** A layer that another file builds is that file's finding, unless a call of this one brings the stride: then it stands there. */
function recordElsewhere(run: Run, call: LibraryCall): LayerSite {
  const { found, given, place } = call;
  let first: LayerSite | undefined;
  const onlyWith = neededArguments(run);
  for (const { lengths, at } of strideLengths(found.callable, given)) {
    const bringing = lengths.some((step) => step !== null && step > 1) ? callThatBrings(place, at) : null;
    if (bringing === null) continue;
    const site = siteNamed(run, `${rangeKey(bringing)}>${rangeKey(place.range)}`, () =>
      newSite(call, bringing, run.modules?.placeOf(place.range) ?? null),
    );
    addCase(run, site, call, { stride: lengths, givenBy: null, onlyWith });
    first ??= site;
  }
  return first ?? newSite(call, place.range, null);
}

/** @throws JudgingStopped where there are too many */
function siteNamed(run: Run, key: string, make: () => LayerSite): LayerSite {
  const known = run.sites.get(key);
  if (known !== undefined) return known;
  if (run.sites.size >= codeLimits.layers) throw new JudgingStopped(t`it has more than the ${codeLimits.layers} layers that are judged`);
  const site = make();
  run.sites.set(key, site);
  return site;
}

function newSite({ found, importedAs, given, place, derived }: LibraryCall, range: SourceRange, builtAt: LayerSite['builtAt']): LayerSite {
  const { framework, callable } = found;
  const kernel = kernelsOf(callable, given)[0] ?? [];
  return unseenSite({ framework: framework.id, callable, range, builtAt, callee: place.callee, importedAs, derived, kernel });
}

function addCase(run: Run, site: LayerSite, { found: { callable }, given }: LibraryCall, one: StrideCase): void {
  const largest = Math.max(1, ...site.cases.map(({ stride }) => Math.max(...stride.map((step) => step ?? 1))));
  if (one.stride.some((step) => step !== null && step > largest)) site.kernel = kernelsOf(callable, given)[0] ?? [];
  const seen = site.cases.some(({ stride, givenBy }) => givenBy?.start === one.givenBy?.start && stride.join() === one.stride.join());
  if (seen) return;
  site.cases.push(one);
  run.cases++;
}

/** The arguments that the present run was given in the place of the file's own, outermost first. */
function neededArguments({ otherArgument, traits }: Run): readonly NeededArgument[] {
  const needed: NeededArgument[] = [];
  for (let other = otherArgument; other !== null; other = other.before) {
    const { parameter, argument } = other;
    needed.unshift({ parameter: parameter.name, value: traits.spell(argument), range: parameter.range });
  }
  return needed;
}

function hasOwnActivation(callable: LayerValue['callable'], given: Arguments): boolean {
  if (callable.activation === null) return false;
  const value = parameterValue(callable, given, callable.activation);
  return value !== undefined && value.kind !== 'none' && !(value.kind === 'string' && value.value === 'linear');
}

/** Runs a layer object on a feature map. */
export function applyLayer(run: Run, layer: LayerValue, input: Value, place: CallPlace): Value {
  switch (layer.callable.role) {
    case 'sequence':
      forgetTail(layer);
      return (layer.items?.items ?? []).reduce((value, item) => runItem(run, item, value, place), input);
    case 'activation':
      return activate(run, input, 'applied', place.range);
    default:
      return transform(layer, input, place.range);
  }
}

/** The sequence runs on a map of the program, so what its last layer gave when it was built need not be activated. */
function forgetTail(layer: LayerValue): void {
  if (layer.tail === null) return;
  for (const { pending } of mapsIn(layer.tail)) if (pending !== null) pending.outputs--;
  layer.tail = null;
}

/** A layer inside a sequence: an activation there is told by the call that built it. */
function runItem(run: Run, item: Value, input: Value, place: CallPlace): Value {
  spend(run, 1);
  if (item.kind === 'list') return runItem(run, item.items[1] ?? unknown, input, place);
  if (item.kind === 'layer' && item.callable.role === 'activation') return activate(run, input, 'element', item.built);
  if (item.kind === 'unknown' || item.kind === 'none') {
    consume(input);
    return tensorValue();
  }
  if (item.kind === 'symbol' && run.find(item.path)?.callable.role === 'activation') return activate(run, input, 'element', nowhere);
  // A call inside the sequence has no expression of its own that a blur could be put around.
  const inside = { frame: place.frame, range: place.range, callee: '', syntax: place.syntax };
  return call(run, item, { positional: [input], named: new Map(), open: false }, inside);
}

/** What every layer but sequences and activations does to a map. */
function transform({ callable, site, smooths }: LayerValue, input: Value, range: SourceRange): Value {
  switch (callable.role) {
    case 'pointwise':
      return passThrough(input);
    case 'blur':
      return runBlur(site, smooths, input);
    case 'flatten':
      for (const { averaged } of mapsIn(input)) if (averaged !== null) averaged.flattened = true;
      consume(input);
      return tensorValue();
    default:
      if (site === null) {
        consume(input);
        return tensorValue();
      }
      return runWindow(site, input, range);
  }
}

/** A blur of stride 1 protects a linear layer behind it; one that subsamples in front of an activation does so too early. */
function runBlur(site: LayerSite | null, smooths: boolean, input: Value): Value {
  const awaits = mapsIn(input).some(({ pending }) => pending?.kernel.some((length) => length !== 1) === true);
  consume(input);
  return tensorValue({ blurred: smooths, early: awaits && !smooths ? site : null });
}

export function runWindow(site: LayerSite, input: Value, range: SourceRange): Value {
  const maps = mapsIn(input);
  site.afterBlur = (site.afterBlur ?? true) && maps.length > 0 && maps.every(({ blurred }) => blurred);
  consume(input);
  if (!site.applications.some(({ start, end }) => start === range.start && end === range.end)) site.applications.push(range);
  if (site.callable.role === 'average-pool') return tensorValue({ averaged: site });
  if (site.callable.role !== 'convolution') return tensorValue();
  if (site.activations.some(({ kind }) => kind === 'own')) return tensorValue();
  site.outputs++;
  return tensorValue({ pending: site });
}

/** A call that runs on a feature map at once: `F.max_pool2d(x, 2)`. */
export function runOperation(run: Run, called: FoundCallable, importedAs: string | null, given: Arguments, place: CallPlace): Value {
  const input = given.positional[0] ?? given.named.get('input') ?? given.named.get('x') ?? given.named.get('inputs') ?? unknown;
  if (called.callable.role === 'activation') return activate(run, input, 'applied', place.range);
  const positional = given.positional.length > 0 ? given : { ...given, positional: [input] };
  const found = filtersByHand(called.callable, positional) ? asOwnBlur(called) : variantOf(called, positional);
  const { callable } = found;
  // What lists and tables of numbers are cut into is not for images to say.
  const isOfMap = callable.role !== 'subsample' || mapsIn(input).length > 0;
  const site =
    isWindow(found) && isOfMap && !widensItsFilter(callable, positional)
      ? recordSite(run, { found, importedAs, given: positional, place, derived: false })
      : null;
  for (const value of given.positional.slice(1)) consume(value);
  return transform(
    { kind: 'layer', callable, site, built: place.range, smooths: smooths(found, positional, place), items: null, tail: null },
    input,
    place.range,
  );
}

/** `x.relu()`, `x.maxPool(2, 2, 'same')`: an operation with the map as receiver. Undefined where the name is none. */
export function runTensorMethod(run: Run, receiver: Value, name: string, given: Arguments, place: CallPlace): Value | undefined {
  const found = run.tensorMethods.get(name);
  if (found === undefined) return undefined;
  if (receiver.kind !== 'tensor' && (!isWindow(found) || !mayBeMap(run, given, place))) return undefined;
  return runOperation(run, found, null, { ...given, positional: [receiver, ...given.positional] }, place);
}

/** Whether a receiver of which nothing is known may be a feature map: it is not called like a module, and not given text to work on. */
function mayBeMap(run: Run, { positional: [first] }: Arguments, { callee }: CallPlace): boolean {
  const [root, ...links] = callee.split('.');
  const isModule = links.length > 0 && root !== undefined && run.imported.has(root);
  return !isModule && first?.kind !== 'string';
}

/** `model.add(layer)`: the layer runs on what the last one gave. */
export function addToSequence(run: Run, sequence: LayerValue, item: Value, place: CallPlace): Value {
  if (sequence.items === null) return unknown;
  sequence.items.items.push(item);
  paid(run, sequence.items);
  if (sequence.callable.role === 'sequence') {
    for (const one of alternatives(item)) sequence.tail = runItem(run, one, sequence.tail ?? tensorValue(), place);
  }
  return unknown;
}
