import { t } from '@vscode/l10n';
import { labelOf, namedLayer } from '../graph/layer-labels';
import type { AxisPair, Layer } from '../graph/model-graph';
import { analyseSampling, type Sampling } from '../graph/sampling';
import type { RewritableModel } from '../rewrite/capabilities';
import { blurFilter } from '../rewrite/filters';
import type { PlanResult } from '../rewrite/plan';
import { planFix } from '../rewrite/planner';
import type { Finding } from '../rules/finding';
import { graphRules, type RuleId } from '../rules/registry';
import type { GraphRule, RuleContext, Severity } from '../rules/rule';
import { layerTitle } from '../rules/wording';
import { aliasedEnergy } from './aliased-energy';
import type { LintOptions } from './lint-options';
import { ruleContext } from './rule-context';
import { isSuppressed } from './suppression';

/** Below this share of energy beyond the new limit a learned filter counts as low-pass: between Tri-3 (0.15) and Rect-2 (0.33). */
const lowPassShare = 0.2;

/** Judges every layer of a model. Findings come in the graph's order, at most one per layer. */
export function lintGraph(model: RewritableModel, options: LintOptions = {}): readonly Finding[] {
  const { graph, flow } = model;
  const context = ruleContext(graph, flow);
  const samplings = analyseSampling(graph);
  const fixOf = fixPlanner(model, options);
  return graph.layers.flatMap((layer) => {
    const rule = graphRules.find((candidate) => candidate.concerns(layer, context));
    if (rule === undefined) return [];
    const names = [layer.name, labelOf(layer)];
    if (names.some((name) => isSuppressed(options.ignoreLayers ?? [], rule.id, name))) return [];
    const severity = options.severities?.[rule.id] ?? rule.defaultSeverity;
    if (severity === 'off') return [];
    return [{ fix: fixOf(layer), ...judge(rule, layer, context, samplings, severity) }];
  });
}

/** Plans fixes; all calls of a shared layer have one plan, which is worked out once. */
function fixPlanner(model: RewritableModel, { filter = blurFilter('tri-3'), plan }: LintOptions): (layer: Layer) => PlanResult {
  const shared = new Map<string, PlanResult>();
  return ({ name, calls = 1, callOf = name, sealed }) => {
    const isShared = calls > 1 && sealed === undefined;
    const known = isShared ? shared.get(callOf) : undefined;
    const result = known ?? planFix(model, name, filter, plan);
    if (isShared) shared.set(callOf, result);
    return result;
  };
}

function judge(
  rule: GraphRule<RuleId>,
  layer: Layer,
  context: RuleContext,
  samplings: ReadonlyMap<string, Sampling | undefined>,
  severity: Severity,
): Omit<Finding, 'fix'> {
  const stride = context.stride(layer);
  const kernel = 'window' in layer.operation ? layer.operation.window.kernel : [];
  const strideOf = (tensor: string | undefined): AxisPair | null => samplings.get(tensor ?? '')?.stride ?? null;
  const detail = rule.detail?.(layer, context);
  const message = rule.message({ title: layerTitle(layer), kernel, stride, ...(detail !== undefined && { detail }) });
  const energy = energyBeyondLimit(layer);
  const isMild = energy !== undefined && energy < lowPassShare;
  return {
    rule: rule.id,
    severity: isMild ? oneStepLower(severity) : severity,
    ...namedLayer(layer),
    op: layer.op,
    message: energy === undefined ? message : `${message} ${energyText(energy, isMild)}`,
    stride,
    cumulativeStrideBefore: strideOf(layer.inputs[0]),
    cumulativeStride: strideOf(layer.outputs[0]),
    aliasedEnergy: energy,
    origin: layer.origin,
  };
}

function energyBeyondLimit({ operation }: Layer): number | undefined {
  if (operation.kind !== 'convolution' || operation.kernels === undefined) return undefined;
  return aliasedEnergy(operation.kernels, operation.window.stride, operation.window.dilation);
}

function energyText(energy: number, isMild: boolean): string {
  const percent = Math.round(energy * 100);
  return isMild
    ? t`Only ${percent} % of its kernels' energy lies beyond the new sampling limit, so it filters by itself to some extent.`
    : t`${percent} % of its kernels' energy lies beyond the new sampling limit.`;
}

const milder: Readonly<Record<Severity, Severity>> = { error: 'warning', warning: 'information', information: 'hint', hint: 'hint' };

function oneStepLower(severity: Severity): Severity {
  return milder[severity];
}
