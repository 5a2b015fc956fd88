import { t } from '@vscode/l10n';
import { blurPosition, sitesOf, type BlurPlan, type BlurPosition } from '../../../rewrite/plan';
import { listingKey, type FlatCall } from '../read/flat-calls';
import type { KerasModel } from '../read/keras-model';
import { blurLayers, borderObstacle } from './blur-layers';
import type { InsertedBlur, InsertedLayer } from './inserted-blur';

/** Where one blur goes, as the JSON counts: behind or in front of a listed call of a layer, or in place of the layer. */
export interface ListedBlur {
  readonly model: KerasModel;
  readonly layer: string;
  readonly call: number;
  readonly position: BlurPosition;
  readonly blur: InsertedBlur;
}

/** One plan in the terms of the file. */
export interface PatchStep {
  readonly plan: BlurPlan;
  readonly target: FlatCall;
  readonly blurs: readonly ListedBlur[];
  readonly description: string;
}

/** The runs of a file by their tensors, and names that are free in it. */
export interface LayerNames {
  /** @throws Error where there is no such run: a plan of another file */
  run(tensor: string): FlatCall;
  /** Makes a name unique and reserves it. */
  take(wanted: string): string;
}

/** Spells the layers that one plan inserts. Calls that the file lists once, in a model that is called several times, share a blur. */
export function patchStep(names: LayerNames, plan: BlurPlan): PatchStep {
  const position = blurPosition(plan);
  const target = names.run(plan.layer);
  const blurs = new Map<string, ListedBlur>();
  for (const site of sitesOf(plan)) {
    const run = names.run(position === 'behind' ? site.blurAfter : site.layer);
    const key = listingKey(run);
    if (blurs.has(key)) continue;
    const built = blurLayers(site.blur, (ending) => names.take(`${target.layer.name}_${ending}`));
    const blur = position === 'in place of' ? withInput(run, built, names) : built;
    blurs.set(key, { model: run.model, layer: run.layer.name, call: run.call, position, blur });
  }
  const listed = [...blurs.values()];
  return { plan, target, blurs: listed, description: describe(plan, listed) };
}

/**
 * A layer at the start of a sequential model declares the input; what takes its place leaves that to an input layer of the same input
 * name.
 */
function withInput({ model, layer }: FlatCall, blur: InsertedBlur, names: LayerNames): InsertedBlur {
  const shape = layer.config['batch_input_shape'];
  if (model.kind !== 'sequential' || model.layers[0] !== layer || shape === undefined) return blur;
  const name = names.take(`${layer.name}_input`);
  const input: InsertedLayer = {
    className: 'InputLayer',
    name,
    config: { batch_input_shape: shape, dtype: 'float32', sparse: false, name },
  };
  return { ...blur, layers: [input, ...blur.layers] };
}

function describe(plan: BlurPlan, listed: readonly ListedBlur[]): string {
  const zeros = sitesOf(plan).filter(
    ({ blur: { padding, border } }) => border === 'zero' && Math.max(...padding.begin, ...padding.end) > 0,
  );
  const [cause] = zeros.flatMap(({ blur }) => borderObstacle('reflect', blur) ?? []);
  const border =
    zeros.length === 0
      ? []
      : [
          cause === undefined
            ? t('Its border is padded with zeros: samples at the edge are slightly weaker, all others exact.')
            : t`Its border is padded with zeros, since ${cause}: samples at the edge are slightly weaker, all others exact.`,
        ];
  return [changeText(plan, listed), ...border, ...new Set(listed.flatMap(({ blur: { notes } }) => notes))].join(' ');
}

function changeText(plan: BlurPlan, listed: readonly ListedBlur[]): string {
  const blur = t`${plan.filter.label} blur ${listed.map(({ blur: { filter } }) => `"${filter}"`).join(t(' and '))}`;
  const stride = plan.blur.stride.join('x');
  const kept = plan.layerStride.join('x');
  switch (plan.recipe) {
    case 'average-to-blur':
      return t`"${plan.layer}" is now the ${blur} with stride ${stride}, centred where its windows were.`;
    case 'blur-then-subsample':
      return t`${blur} stands in front of "${plan.layer}", which stays as it is.`;
    case 'blur-then-convolution':
      return t`"${plan.layer}" now has stride ${kept}; ${blur} with stride ${stride} stands in front of "${plan.layer}".`;
    case 'convolution-then-blur':
    case 'max-then-blur':
      return t`"${plan.layer}" now has stride ${kept}; ${blur} with stride ${stride} stands behind ${listed.map(({ layer }) => `"${layer}"`).join(t(' and '))}.`;
  }
}
