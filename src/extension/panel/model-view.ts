import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { RuleId } from '../../core/rules/registry';
import type { ShownFinding, ShownLayer } from '../../engine/protocol/reading';
import type { FindingView, LayerRow, ModelView } from '../../panel-protocol/model';
import type { ModelAnalysis } from '../models/analysis';
import { displayPath } from '../platform/display-path';

/** What the panel shows of an analysis; undefined while the file has not been read yet. */
export function modelView(uri: vscode.Uri, analysis: ModelAnalysis | undefined, mayMeasure: boolean): ModelView {
  const blank = {
    fileName: displayPath(uri),
    format: '',
    producer: '',
    layerCount: 0,
    findingCount: 0,
    fixableCount: 0,
    fixAll: null,
    borders: [],
    judgedSize: null,
    mayMeasure,
  };
  if (analysis === undefined)
    return {
      ...blank,
      error: t`${displayPath(uri)} is no model that Shiftlint reads: its content is neither ONNX nor a TensorFlow.js model.`,
    };
  if (!analysis.ok) return { ...blank, error: analysis.error.message };
  const { format, producer, layerCount, findingCount, fixableCount, fixAll, borders, judgedSize } = analysis;
  return { ...blank, format: format.label, producer, layerCount, findingCount, fixableCount, fixAll, borders, judgedSize, error: null };
}

/** A layer as a row of the page's table. */
export function layerRow({ finding, ...row }: ShownLayer, mark: LayerRow['mark'], pageOf: (rule: RuleId) => vscode.Uri): LayerRow {
  return { ...row, finding: finding && findingView(finding, pageOf), mark };
}

function findingView(
  { rule, severity, message, fix, aliasedEnergy, explained }: ShownFinding,
  pageOf: (rule: RuleId) => vscode.Uri,
): FindingView {
  return {
    rule,
    severity,
    message,
    docsUrl: pageOf(rule).toString(),
    explained,
    notFixable: fix.ok ? null : fix.reason,
    fixNotes: fix.ok ? fix.notes : [],
    price: fix.ok ? fix.price : null,
    aliasedEnergy,
  };
}
