import * as vscode from 'vscode';
import type { CodeFinding, FilePlace, SourceRange } from '../../code/finding';
import { visibleText } from '../../core/report/visible-text';
import type { RuleId } from '../../core/rules/registry';
import type { Severity } from '../../core/rules/rule';
import type { CodeDocuments, CodeJudgement } from './documents';
import type { CodeSource } from './source';
import { diagnosticSeverities, diagnosticSource } from '../platform/diagnostics';

/** Other extensions, and the user's typing, wait no longer than this for a file with many findings. */
const turnMs = 4;

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
    let turnStart = performance.now();
    for (const finding of findings) {
      if (performance.now() - turnStart > turnMs) {
        await nextTurn();
        if (this.latest.get(source.key) !== judgement || source.version !== version) return;
        turnStart = performance.now();
      }
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
      return location === undefined ? [] : [new vscode.DiagnosticRelatedInformation(location, visibleText(message))];
    });
    return diagnostic;
  }
}

/** A place in another file of the workspace. */
function locationOf({ file, start, end }: FilePlace): vscode.Location {
  const range = new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
  return new vscode.Location(vscode.Uri.file(file), range);
}

interface ShownDiagnostic {
  readonly message: string;
  readonly severity: Severity;
  readonly code: NonNullable<vscode.Diagnostic['code']>;
}

function diagnosticAt(range: vscode.Range, { message, severity, code }: ShownDiagnostic): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, visibleText(message), diagnosticSeverities[severity]);
  diagnostic.source = diagnosticSource;
  diagnostic.code = code;
  return diagnostic;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
