import type { Layer, ModelGraph, Shape } from '../../core/graph/model-graph';
import { analyseSampling, imageAxes } from '../../core/graph/sampling';
import { priceText } from '../../core/rewrite/price-text';
import type { Finding } from '../../core/rules/finding';
import type { RuleId } from '../../core/rules/registry';
import type * as vscode from 'vscode';
import type { ModelAnalysis } from '../models/analysis';
import { displayPath } from '../platform/display-path';
import type { FindingView, LayerRow, ModelView } from '../../panel-protocol/model';

/** What the panel shows of an analysis; undefined while the file has not been read yet. */
export function modelView(
  uri: vscode.Uri,
  analysis: ModelAnalysis | undefined,
  mayMeasure: boolean,
  pageOf: (rule: RuleId) => vscode.Uri,
): ModelView {
  const blank = { fileName: displayPath(uri), format: '', producer: '', layers: [], fixableCount: 0, mayMeasure };
  if (analysis === undefined) return { ...blank, error: `${displayPath(uri)} is not a model Shiftlint can read.` };
  if (!analysis.ok) return { ...blank, error: analysis.error.message };
  const {
    findings,
    model: { graph, format },
  } = analysis;
  const byLayer = new Map(findings.map((finding) => [finding.layer, findingView(finding, pageOf)]));
  return {
    ...blank,
    format: format.label,
    producer: graph.producer,
    layers: layerRows(graph, byLayer),
    fixableCount: findings.filter(({ fix }) => fix.ok && fix.inFixAll).length,
    error: null,
  };
}

function layerRows(graph: ModelGraph, findings: ReadonlyMap<string, FindingView>): readonly LayerRow[] {
  const samplings = analyseSampling(graph);
  return graph.layers.map((layer) => {
    const output = layer.outputs[0] ?? '';
    return {
      name: layer.name,
      op: layer.op,
      shape: shapeText(graph.tensors.get(output)?.shape),
      stride: ownStride(layer),
      cumulativeStride: samplings.get(output)?.stride ?? null,
      finding: findings.get(layer.name) ?? null,
    };
  });
}

function ownStride({ operation }: Layer): LayerRow['stride'] {
  if (operation.kind === 'slice') return imageAxes(operation.stride);
  return 'window' in operation ? imageAxes(operation.window.stride) : null;
}

function shapeText(shape: Shape): string {
  return shape === undefined ? 'unknown' : shape.map((length) => length ?? '?').join(' × ');
}

function findingView(finding: Finding, pageOf: (rule: RuleId) => vscode.Uri): FindingView {
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    docsUrl: pageOf(finding.rule).toString(),
    notFixable: finding.fix.ok ? null : finding.fix.reason,
    fixNotes: finding.fix.ok ? finding.fix.plan.notes : [],
    price: finding.fix.ok && finding.fix.price !== undefined ? priceText(finding.fix.price) : null,
    aliasedEnergy: finding.aliasedEnergy ?? null,
  };
}
