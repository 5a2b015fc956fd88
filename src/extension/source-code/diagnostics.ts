import type * as vscode from 'vscode';
import type { CodeFinding, SourceRange } from '../../code/finding';
import type { RuleId } from '../../core/rules/registry';
import { diagnosticAt, locationOf, relatedAt } from './code-diagnostic';
import type { CodeDocuments, CodeJudgement } from './documents';
import type { CodeSource } from './source';
import { Turns } from '../platform/turns';

/** Shows the findings in code in Problems and under the calls, beside those of model files. */
export class CodeDiagnostics implements vscode.Disposable {
  /** Documents with diagnostics, by source: a cell that has left its notebook must lose its own. */
  private readonly shown = new Map<string, readonly vscode.Uri[]>();
  private readonly latest = new Map<string, CodeJudgement>();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly collection: vscode.DiagnosticCollection,
    documents: CodeDocuments,
    private readonly pageOf: (rule: RuleId) => vscode.Uri,
  ) {
    this.subscriptions = [
      documents.onDidJudge((judgement) => void this.publish(judgement)),
      documents.onDidLeave((source) => {
        this.clear(source);
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async publish(judgement: CodeJudgement): Promise<void> {
    const { source, version, findings, notices } = judgement;
    this.latest.set(source.key, judgement);
    const perDocument = new Map<string, { readonly uri: vscode.Uri; readonly diagnostics: vscode.Diagnostic[] }>();
    const add = (range: SourceRange, diagnosticAt: (range: vscode.Range) => vscode.Diagnostic): void => {
      const location = source.locate(range);
      if (location === undefined) return;
      const key = location.uri.toString();
      const entry = perDocument.get(key) ?? { uri: location.uri, diagnostics: [] };
      entry.diagnostics.push(diagnosticAt(location.range));
      perDocument.set(key, entry);
    };
    for (const { offset, message, severity, code } of notices) {
      add({ start: offset, end: offset + 1 }, (range) => diagnosticAt(range, { message, severity, code }));
    }
    const turns = new Turns();
    for (const finding of findings) {
      if ((await turns.pause()) && (this.latest.get(source.key) !== judgement || source.version !== version)) return;
      add(finding.range, (range) => this.diagnosticOf(finding, range, source));
    }
    for (const uri of this.shown.get(source.key) ?? []) if (!perDocument.has(uri.toString())) this.collection.delete(uri);
    for (const { uri, diagnostics } of perDocument.values()) this.collection.set(uri, diagnostics);
    this.shown.set(
      source.key,
      Array.from(perDocument.values(), ({ uri }) => uri),
    );
  }

  private clear(source: CodeSource): void {
    this.latest.delete(source.key);
    for (const uri of this.shown.get(source.key) ?? []) this.collection.delete(uri);
    this.shown.delete(source.key);
  }

  private diagnosticOf(finding: CodeFinding, range: vscode.Range, source: CodeSource): vscode.Diagnostic {
    const diagnostic = diagnosticAt(range, { ...finding, code: { value: finding.rule, target: this.pageOf(finding.rule) } });
    diagnostic.relatedInformation = finding.related.flatMap(({ range: place, message, elsewhere }) => {
      const location = elsewhere === undefined ? source.locate(place) : locationOf(elsewhere);
      return location === undefined ? [] : [relatedAt(location, message)];
    });
    return diagnostic;
  }
}
