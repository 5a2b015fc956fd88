import type { ModelGraph } from '../../../graph/model-graph';
import type { BlurSpecification, FittedBlur } from '../../tfjs/fit-blur';
import { fitPlan } from './fit-plan';
import { callKey } from '../read/call-order';
import { blurLayers } from './blur-layers';
import type { InsertedBlur, InsertedLayer } from './inserted-blur';
import type { BlurPlan } from '../../../rewrite/plan';
import type { FlatCall, FlatModel } from '../read/flat-calls';
import type { KerasModel } from '../read/keras-model';

/** Where one blur goes, as the JSON counts: behind or in front of a listed call of a layer, or in place of the layer. */
export interface BlurSite {
  readonly model: KerasModel;
  readonly layer: string;
  readonly call: number;
  readonly position: BlurPosition;
  readonly blur: InsertedBlur;
}

export type BlurPosition = 'behind' | 'in front of' | 'in place of';

/** One plan worked out for this format, or why it cannot be. */
export type PatchStep =
  | {
      readonly ok: true;
      readonly plan: BlurPlan;
      readonly target: FlatCall;
      readonly sites: readonly BlurSite[];
      readonly description: string;
    }
  | { readonly ok: false; readonly reason: string };

/** Names one place of the file for comparisons. */
export function siteKey({ model, layer, call }: Pick<BlurSite, 'model' | 'layer' | 'call'>): string {
  return `${model.layersPath.join('/')} ${callKey(layer, call)}`;
}

/** Works out the layers that one plan inserts. `takeName` makes a name unique and reserves it. */
export function patchStep(graph: ModelGraph, flat: FlatModel, plan: BlurPlan, takeName: (wanted: string) => string): PatchStep {
  const runs = new Map(flat.calls.map((run) => [run.tensor, run]));
  const calls = [{ layer: plan.layer, blurAfter: plan.blurAfter }, ...plan.furtherCalls];
  const unknown = calls.flatMap(({ layer, blurAfter }) => [layer, blurAfter]).find((name) => !runs.has(name));
  const target = runs.get(plan.layer);
  if (unknown !== undefined || target === undefined) return refuse(`The model has no layer named "${unknown ?? plan.layer}".`);
  const served = new Set(calls.map(({ layer }) => layer));
  const missed = flat.calls.find(({ path, tensor }) => path === target.path && !served.has(tensor));
  if (missed !== undefined)
    return refuse(`"${plan.layer}" is shared by several calls; a fix has to serve all of them, "${missed.tensor}" too.`);
  const position = positionOf(plan);
  const places = new Map<string, { readonly run: FlatCall; readonly fitted: BlurSpecification; readonly tensors: Set<string> }>();
  for (const call of calls) {
    const fitted: FittedBlur = fitPlan(graph, target, plan, call);
    if (!fitted.ok) return fitted;
    const tensor = position === 'behind' ? call.blurAfter : call.layer;
    const run = runs.get(tensor);
    if (run === undefined) return refuse(`The model has no layer named "${tensor}".`);
    const key = siteKey({ model: run.model, layer: run.layer.name, call: run.call });
    const place = places.get(key);
    const common = place === undefined ? fitted.specification : inCommon(place.fitted, fitted.specification);
    if (common === undefined) {
      return refuse(`"${plan.layer}" stands in a model that is called several times, and its calls would need blurs that differ.`);
    }
    places.set(key, { run, fitted: common, tensors: new Set([...(place?.tensors ?? []), tensor]) });
  }
  const sites: BlurSite[] = [];
  for (const { run, fitted, tensors } of places.values()) {
    const other = flat.calls.find(
      ({ model, layer, call, tensor }) => model === run.model && layer === run.layer && call === run.call && !tensors.has(tensor),
    );
    if (other !== undefined) return refuse(`"${run.tensor}" runs in other calls of the model around it too, which would all be blurred.`);
    if (position === 'in front of' && run.model.kind === 'sequential' && run.model.layers[0] === run.layer) {
      return refuse(
        `"${plan.layer}" is the first layer of a sequential model, which declares the input; nothing can stand in front of it.`,
      );
    }
    const built = blurLayers(fitted, (ending) => takeName(`${target.layer.name}_${ending}`));
    if (!built.ok) return refuse(`"${plan.layer}" cannot be rewritten: ${built.reason}.`);
    const blur = position === 'in place of' ? withInput(run, built.blur, takeName) : built.blur;
    sites.push({ model: run.model, layer: run.layer.name, call: run.call, position, blur });
  }
  return {
    ok: true,
    plan,
    target,
    sites,
    description: describe(
      plan,
      position,
      sites,
      [...places.values()].map(({ fitted }) => fitted),
    ),
  };
}

/** One blur for maps of several sizes, where it does not depend on them. */
function inCommon(a: BlurSpecification, b: BlurSpecification): BlurSpecification | undefined {
  const size = a.size.map((length, axis) => (length === b.size[axis] ? length : null));
  return JSON.stringify({ ...a, size }) === JSON.stringify({ ...b, size }) ? { ...a, size } : undefined;
}

function positionOf({ recipe }: BlurPlan): BlurPosition {
  if (recipe === 'average-to-blur') return 'in place of';
  return recipe === 'blur-then-convolution' || recipe === 'blur-then-subsample' ? 'in front of' : 'behind';
}

/**
 * A layer at the start of a sequential model declares the input; what takes its place leaves that to an input layer of the same input
 * name.
 */
function withInput({ model, layer }: FlatCall, blur: InsertedBlur, takeName: (wanted: string) => string): InsertedBlur {
  const shape = layer.config['batch_input_shape'];
  if (model.kind !== 'sequential' || model.layers[0] !== layer || shape === undefined) return blur;
  const name = takeName(`${layer.name}_input`);
  const input: InsertedLayer = {
    className: 'InputLayer',
    name,
    config: { batch_input_shape: shape, dtype: 'float32', sparse: false, name },
  };
  return { ...blur, layers: [input, ...blur.layers] };
}

function describe(plan: BlurPlan, position: BlurPosition, sites: readonly BlurSite[], blurs: readonly BlurSpecification[]): string {
  const names = sites.map(({ blur }) => `"${blur.filter}"`).join(' and ');
  const place =
    plan.recipe === 'convolution-then-blur' || plan.recipe === 'max-then-blur'
      ? sites.map(({ layer }) => `"${layer}"`).join(' and ')
      : `"${plan.layer}"`;
  const [blur] = blurs;
  const stride = (blur?.stride ?? []).join('x');
  const change: Readonly<Record<BlurPlan['recipe'], string>> = {
    'average-to-blur': `"${plan.layer}" is now the ${plan.filter.label} blur ${names} with stride ${stride}, centred where its windows were.`,
    'blur-then-subsample': `${plan.filter.label} blur ${names} stands in front of "${plan.layer}", which stays as it is.`,
    'blur-then-convolution': `"${plan.layer}" now has stride ${plan.layerStride.join('x')}; ${plan.filter.label} blur ${names} with stride ${stride} stands ${position} ${place}.`,
    'convolution-then-blur': `"${plan.layer}" now has stride ${plan.layerStride.join('x')}; ${plan.filter.label} blur ${names} with stride ${stride} stands ${position} ${place}.`,
    'max-then-blur': `"${plan.layer}" now has stride ${plan.layerStride.join('x')}; ${plan.filter.label} blur ${names} with stride ${stride} stands ${position} ${place}.`,
  };
  const padded = blurs.some(({ padding }) => [...padding.begin, ...padding.end].some((amount) => amount > 0));
  const border = padded
    ? [
        'Its border is padded with zeros, since TensorFlow.js has no reflecting layer: samples at the edge are slightly weaker, all others exact.',
      ]
    : [];
  return [change[plan.recipe], ...border, ...new Set(sites.flatMap(({ blur: { notes } }) => notes))].join(' ');
}

function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
