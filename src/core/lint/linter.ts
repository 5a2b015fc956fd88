import { dataflow } from '../graph/dataflow';
import type { AxisPair, Layer, ModelGraph } from '../graph/model-graph';
import { analyseSampling, type Sampling } from '../graph/sampling';
import { blurFilter, type BlurFilter } from '../rewrite/filters';
import { planFix } from '../rewrite/planner';
import { graphRules } from '../rules/registry';
import type { Finding, GraphRule, RuleContext, RuleId, Severity } from '../rules/rule';
import { layerTitle } from '../rules/wording';
import { ruleContext } from './rule-context';

/** What the user may change about judging. */
export interface LintOptions {
  /** Severity per rule; rules not named keep their default. */
  readonly severities?: Readonly<Partial<Record<RuleId, Severity | 'off'>>>;
  /** Filter of the offered fixes; Tri-3 where absent. */
  readonly filter?: BlurFilter;
}

/** Judges every layer of a model. Findings come in the graph's order, at most one per layer. */
export function lintGraph(graph: ModelGraph, options: LintOptions = {}): readonly Finding[] {
  const context = ruleContext(graph, dataflow(graph));
  const samplings = analyseSampling(graph);
  const filter = options.filter ?? blurFilter('tri-3');
  return graph.layers.flatMap((layer) => {
    if (isHarmless(layer, context)) return [];
    return graphRules.flatMap((rule) => {
      const severity = options.severities?.[rule.id] ?? rule.defaultSeverity;
      if (severity === 'off' || !rule.concerns(layer)) return [];
      return [{ ...judge(rule, layer, context, samplings), severity, fix: planFix(graph, layer.name, filter) }];
    });
  });
}

function isHarmless(layer: Layer, context: RuleContext): boolean {
  const [y, x] = context.stride(layer);
  return (y <= 1 && x <= 1) || context.isAntiAliased(layer);
}

function judge(
  rule: GraphRule,
  layer: Layer,
  context: RuleContext,
  samplings: ReadonlyMap<string, Sampling | undefined>,
): Omit<Finding, 'severity' | 'fix'> {
  const stride = context.stride(layer);
  const kernel = 'window' in layer.operation ? layer.operation.window.kernel : [];
  const strideOf = (tensor: string | undefined): AxisPair => samplings.get(tensor ?? '')?.stride ?? [1, 1];
  return {
    rule: rule.id,
    layer: layer.name,
    op: layer.op,
    message: rule.message({ title: layerTitle(layer), kernel, stride }),
    stride,
    cumulativeStrideBefore: strideOf(layer.inputs[0]),
    cumulativeStride: strideOf(layer.outputs[0]),
  };
}
