import * as vscode from 'vscode';
import type { Severity } from '../../core/rules/rule';

/** `source` of every diagnostic. */
export const diagnosticSource = 'shiftlint';

/** Severities as the editor counts them. */
export const diagnosticSeverities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};
