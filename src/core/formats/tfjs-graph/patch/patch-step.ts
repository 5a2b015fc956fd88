import { t } from '@vscode/l10n';
import { blurEnding, denseEnding } from '../../../rewrite/fixed-names';
import { blurPosition, type BlurPlan, type BlurSpecification } from '../../../rewrite/plan';
import type { GraphNode } from '../read/node';
import { blurNodes } from './blur-nodes';
import type { BuiltNodes } from './node-builder';

/** The nodes of a file by name, and names that are free in it. */
export interface NodeNames {
  /** @throws Error where there is no such node: a plan of another file */
  node(name: string): GraphNode;
  /** A free name that starts with `wanted`, kept for the caller with all names that add `_` and more. */
  take(wanted: string): string;
}

/** One plan in the terms of the file. */
export interface PatchStep {
  readonly plan: BlurPlan;
  readonly strided: GraphNode;
  /** The node beside which the blur stands. */
  readonly node: GraphNode;
  readonly blur: BuiltNodes;
  /** Name of `node` from now on where the blur takes its own; else what `node` reads from now on. */
  readonly newName: string;
  readonly description: string;
}

/**
 * Spells the nodes that one plan inserts. A blur behind a node takes its name, so that every tensor keeps its size.
 * @param label what people call the layer
 */
export function patchStep(names: NodeNames, plan: BlurPlan, label: string): PatchStep {
  const position = blurPosition(plan);
  const strided = names.node(plan.layer);
  const node = position === 'behind' ? names.node(plan.blurAfter) : strided;
  const prefix = names.take(`${node.name}${blurEnding}`);
  if (position === 'behind') {
    const newName = names.take(`${node.name}${denseEnding}`);
    const blur = blurNodes(plan.blur, { input: newName, output: node.name, prefix });
    return { plan, strided, node, blur, newName, description: describe(plan, label, newName) };
  }
  const newName = position === 'in place of' ? strided.name : prefix;
  const blur = blurNodes(plan.blur, { input: plan.tensor, output: newName, prefix });
  return { plan, strided, node, blur, newName, description: describe(plan, label, newName) };
}

function describe(plan: BlurPlan, label: string, newName: string): string {
  const kind = t`${plan.filter.label} blur`;
  const stride = plan.blur.stride.join('x');
  const padding = paddingText(plan.blur);
  const kept = plan.layerStride.join('x');
  switch (plan.recipe) {
    case 'average-to-blur':
      return t`"${label}" is now a ${kind} with stride ${stride} (${padding}), centred where its windows were.`;
    case 'blur-then-subsample':
      return t`A ${kind} (${padding}), "${newName}", stands in front of "${label}", which stays as it is.`;
    case 'blur-then-convolution':
      return t`"${label}" now has stride ${kept}; a ${kind} with stride ${stride} (${padding}), "${newName}", stands in front of it.`;
    case 'convolution-then-blur':
    case 'max-then-blur':
      return t`"${label}" now has stride ${kept}; a ${kind} with stride ${stride} (${padding}) stands behind "${plan.blurAfter}" and has its name, "${newName}" is what it reads.`;
  }
}

function paddingText({ padding, border, size }: BlurSpecification): string {
  const widest = Math.max(...padding.begin, ...padding.end);
  if (widest <= 0) return t('no padding');
  if (border !== 'reflect') return t('zero padding');
  return size.includes(null) ? t`reflect padding, which needs maps longer than ${widest}` : t('reflect padding');
}
