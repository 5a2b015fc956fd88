import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { importsFramework } from '../../code/imports';
import { grammars } from '../../code/source-language';
import { countText, fixableText } from '../platform/count-text';
import { Debouncer } from '../platform/debounce';
import { documentHead } from '../platform/document-head';
import type { Log } from '../platform/log';
import { labelText } from '../platform/shown-text';
import { isJudged } from '../settings/exclusion';
import { settingsFor } from '../settings/settings';
import type { CodeDocuments, CodeJudgement } from './documents';
import type { CodeFixes } from './fixes';

/** What the item says of a document. */
export interface StatusText {
  readonly text: string;
  readonly detail: string;
  readonly isBusy: boolean;
  readonly isWarning: boolean;
  readonly command: vscode.Command;
}

/** Fixes are counted once nothing has been judged for so long. */
const countPauseMs = 300;

/** Where imports stand in a document that is switched off. */
const headCharacters = 1 << 14;

/** Says beside the language how the model code in front was judged, and leads to its findings. */
export class CodeStatus implements vscode.Disposable {
  private item: vscode.LanguageStatusItem | undefined;
  /** How many findings of a judgement have a fix; of the document in front alone. */
  private counted: { readonly judgement: CodeJudgement; readonly fixable: number } | undefined;
  private readonly pause = new Debouncer(countPauseMs);
  private readonly subscriptions: readonly { dispose(): unknown }[];

  constructor(
    private readonly documents: CodeDocuments,
    private readonly fixes: CodeFixes,
    private readonly log: Log,
  ) {
    const update = (): void => {
      this.update();
    };
    this.subscriptions = [
      this.pause,
      documents.onDidBegin(update),
      documents.onDidJudge(update),
      documents.onDidFollow(update),
      documents.onDidLeave(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.workspace.onDidChangeConfiguration(update),
    ];
    this.update();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.item?.dispose();
  }

  private update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const status = document === undefined ? undefined : this.statusOf(document);
    if (document === undefined || status === undefined) {
      this.item?.dispose();
      this.item = undefined;
      return;
    }
    const selector: vscode.DocumentFilter = { language: document.languageId, scheme: document.uri.scheme };
    const { LanguageStatusSeverity } = vscode;
    this.item ??= vscode.languages.createLanguageStatusItem('shiftlint.code', selector);
    this.item.selector = selector;
    this.item.name = 'Shiftlint';
    this.item.text = labelText(status.text);
    this.item.detail = labelText(status.detail);
    this.item.busy = status.isBusy;
    this.item.severity = status.isWarning ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    this.item.command = status.command;
  }

  private statusOf(document: vscode.TextDocument): StatusText | undefined {
    const state = this.documents.stateOf(document);
    if (state === undefined) return switchedOff(document);
    if (state === 'judging') return { text: t`Shiftlint: judging…`, detail: '', isBusy: true, isWarning: false, command: show(document) };
    const fixable = this.counted?.judgement === state ? this.counted.fixable : undefined;
    if (fixable === undefined) this.countSoon(state);
    return judgedStatus(state, fixable, show(document));
  }

  private countSoon(judgement: CodeJudgement): void {
    if (judgement.findings.length === 0) return;
    this.pause.schedule('', () => {
      this.fixes.fixableIn(judgement.source).then(
        (fixable) => {
          if (this.documents.judgementOf(judgement.source) !== judgement) return;
          this.counted = { judgement, fixable };
          this.update();
        },
        (error: unknown) => {
          this.log.error('How many findings can be fixed could not be told.', error);
        },
      );
    });
  }
}

/** @param fixable undefined while it is not known */
export function judgedStatus(
  { findings, notices }: Pick<CodeJudgement, 'findings' | 'notices'>,
  fixable: number | undefined,
  command: vscode.Command,
): StatusText {
  const stopped = notices.find(({ code }) => code === 'stopped-early');
  const fixes = findings.length === 0 || fixable === undefined ? [] : [fixableText(fixable)];
  const count = countText(findings.length);
  return {
    text: stopped === undefined ? t`Shiftlint: ${count}` : t`Shiftlint: ${count}, stopped early`,
    detail: [...fixes, ...(stopped === undefined ? [] : [stopped.message])].join(t`. `),
    isBusy: false,
    isWarning: stopped !== undefined || findings.some(({ severity }) => severity === 'warning' || severity === 'error'),
    command,
  };
}

/** Says so of model code that is not judged because the user wants it so. */
function switchedOff(document: vscode.TextDocument): StatusText | undefined {
  const language = grammars.get(document.languageId);
  if (language === undefined || isJudged(document.uri) || !importsFramework(documentHead(document, headCharacters), language))
    return undefined;
  const isEnabled = settingsFor(document.uri).enable;
  const query = isEnabled ? 'shiftlint.exclude' : 'shiftlint.enable';
  return {
    text: t`Shiftlint: off`,
    detail: isEnabled ? t`excluded by shiftlint.exclude or a shiftlint.json` : t`shiftlint.enable is off`,
    isBusy: false,
    isWarning: false,
    command: { title: t`Open Settings`, command: 'workbench.action.openSettings', arguments: [query] },
  };
}

function show({ uri }: vscode.TextDocument): vscode.Command {
  return { title: t`Show Findings`, command: 'shiftlint.showFindings', arguments: [uri] };
}
