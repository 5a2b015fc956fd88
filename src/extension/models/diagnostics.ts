import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { judgedForText } from '../../core/graph/image-size';
import { visibleText } from '../../core/report/visible-text';
import type { RuleId } from '../../core/rules/registry';
import { diagnosticSeverities, diagnosticSource } from '../platform/diagnostics';
import type { JudgedModel, LocatedFinding, ModelAnalysis } from './analysis';
import { restText } from './rest-text';
import type { ModelStore } from './store';

/** Shows the store's findings in Problems, and a file's one error where it could not be read. */
export class ModelDiagnostics implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly collection: vscode.DiagnosticCollection,
    private readonly store: ModelStore,
    private readonly pageOf: (rule: RuleId) => vscode.Uri,
  ) {
    this.subscription = store.onDidChange((uri) => {
      this.publish(uri);
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private publish(uri: vscode.Uri): void {
    const analysis = this.store.get(uri);
    if (analysis === undefined) this.collection.delete(uri);
    else this.collection.set(uri, this.diagnosticsOf(analysis));
  }

  private diagnosticsOf(analysis: ModelAnalysis): vscode.Diagnostic[] {
    if (analysis.ok) {
      const judged = analysis.findings.map((finding) => this.diagnosticOf(analysis.uri, finding));
      return [
        ...judged,
        ...diagnosticsOfFile(analysis.note),
        ...diagnosticsOfFile(textOfSize(analysis)),
        ...diagnosticsOfFile(textOfRest(analysis)),
      ];
    }
    const { code, message } = analysis.error;
    const diagnostic = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), visibleText(message), vscode.DiagnosticSeverity.Error);
    diagnostic.source = diagnosticSource;
    diagnostic.code = code;
    return [diagnostic];
  }

  private diagnosticOf(uri: vscode.Uri, finding: LocatedFinding): vscode.Diagnostic {
    const diagnostic = new vscode.Diagnostic(finding.range, visibleText(finding.message), diagnosticSeverities[finding.severity]);
    diagnostic.source = diagnosticSource;
    diagnostic.code = { value: finding.rule, target: this.store.isOnnx(uri) ? wayTo(uri, finding.layer) : this.pageOf(finding.rule) };
    if (finding.exportedFrom !== undefined) {
      const text = finding.origin?.text ?? '';
      diagnostic.relatedInformation = [
        new vscode.DiagnosticRelatedInformation(
          finding.exportedFrom,
          visibleText(text === '' ? t`Exported from here` : t`Exported from here: ${text}`),
        ),
      ];
    }
    return diagnostic;
  }
}

/** An ONNX file has no text to go to: the link of its finding leads to the layer's row, where the rule's page is linked. */
function wayTo(uri: vscode.Uri, layer: string): vscode.Uri {
  return vscode.Uri.parse(`command:shiftlint.revealFinding?${encodeURIComponent(JSON.stringify([uri.toString(), layer]))}`);
}

/** Says that findings are for one image size; null where they are for all, or where there are none. */
function textOfSize({ judgedSize, findings }: JudgedModel): string | null {
  if (judgedSize === null || findings.length === 0) return null;
  return t`${judgedForText(judgedSize)} Choose it in the model editor, or as "imageSize" in a shiftlint.json.`;
}

/** Says that a list is not whole; null where it is. */
function textOfRest({ findings, findingCount }: JudgedModel): string | null {
  return findings.length === findingCount ? null : restText(findings.length, findingCount);
}

/** What is said of a file as such; nothing where that is null. */
function diagnosticsOfFile(message: string | null): vscode.Diagnostic[] {
  if (message === null) return [];
  const diagnostic = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), visibleText(message), vscode.DiagnosticSeverity.Information);
  diagnostic.source = diagnosticSource;
  return [diagnostic];
}
