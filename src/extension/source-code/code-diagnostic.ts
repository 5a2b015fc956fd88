import * as vscode from 'vscode';
import type { FilePlace } from '../../code/finding';
import { visibleText } from '../../core/report/visible-text';
import type { Severity } from '../../core/rules/rule';
import { diagnosticSeverities, diagnosticSource } from '../platform/diagnostics';

/** What Problems show of a finding or a notice. */
export interface ShownFinding {
  readonly message: string;
  readonly severity: Severity;
  readonly code: NonNullable<vscode.Diagnostic['code']>;
}

/** An entry of Problems. */
export function diagnosticAt(range: vscode.Range, { message, severity, code }: ShownFinding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, visibleText(message), diagnosticSeverities[severity]);
  diagnostic.source = diagnosticSource;
  diagnostic.code = code;
  return diagnostic;
}

/** A place in a file of the workspace. */
export function locationOf({ file, start, end }: FilePlace): vscode.Location {
  return new vscode.Location(vscode.Uri.file(file), rangeOf({ start, end }));
}

/** Lines and columns from 1 as the editor counts them. */
export function rangeOf({ start, end }: Pick<FilePlace, 'start' | 'end'>): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

/** A further place that explains an entry. */
export function relatedAt(location: vscode.Location, message: string): vscode.DiagnosticRelatedInformation {
  return new vscode.DiagnosticRelatedInformation(location, visibleText(message));
}
