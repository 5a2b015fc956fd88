import * as vscode from 'vscode';
import type { CodeDocuments } from './documents';
import type { CodeFixes } from './fixes';
import type { CodeFinding } from '../../code/finding';
import { explainedCall } from './explained-call';
import { hoverText } from './hover-text';
import { settingsFor } from '../settings/settings';

const documentationCommand = 'shiftlint.openRuleDocumentation';
const explainCommand = 'shiftlint.explain';

/** Explains a flagged call where the pointer rests on its name; elsewhere other hovers are not disturbed. */
export class CodeHover implements vscode.HoverProvider {
  constructor(
    private readonly documents: CodeDocuments,
    private readonly fixes: CodeFixes,
  ) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const source = this.documents.sourceOf(document);
    const offset = source?.offsetAt(document, position);
    if (source === undefined || offset === undefined) return undefined;
    const judgement = await this.documents.current(source);
    const finding = judgement?.findings.find((found) => offset >= found.range.start && offset <= nameEnd(found));
    const place = finding === undefined ? undefined : source.locate({ start: finding.range.start, end: nameEnd(finding) });
    if (finding === undefined || place === undefined) return undefined;
    const refusal = (await this.fixes.offersOf(source, finding))?.refusal ?? null;
    const { filter } = settingsFor(source.file);
    const markdown = new vscode.MarkdownString(
      hoverText(finding, filter, refusal, {
        documentation: commandLink(documentationCommand, finding.rule),
        explanation: commandLink(explainCommand, explainedCall(finding, refusal === null ? filter : undefined)),
      }),
    );
    markdown.isTrusted = { enabledCommands: [documentationCommand, explainCommand] };
    return new vscode.Hover(markdown, place.range);
  }
}

function commandLink(command: string, argument: unknown): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify([argument]))}`;
}

/** Where the called name ends: a hover on the arguments belongs to the arguments. */
function nameEnd({ range, callee }: CodeFinding): number {
  return Math.min(range.start + callee.length, range.end);
}
