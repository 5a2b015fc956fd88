import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { fixContext } from '../../code/blur-modules/fix-context';
import type { CodeFinding, CodeFix, FixContext } from '../../code/finding';
import { recoverableFramework } from '../../code/imports';
import { fineTuningAdvice } from '../../core/rewrite/plan';
import type { BlurModule, BlurModules, PlacedModule } from './blur-modules';
import type { CodeWorker } from './code-worker';
import type { CodeDocuments } from './documents';
import type { CodeSource } from './source';
import type { DoneStatus } from '../platform/done-status';
import type { ProjectLibraries } from './project-library';
import { settingsFor } from '../settings/settings';
import { showInformation } from '../platform/notices';
import { displayPath } from '../platform/display-path';
import { FileSource, type FixableSource } from './file-source';
import { labelledParts } from './fix-labels';

/** A fix as the editor applies it. */
export interface PreparedFix {
  readonly kind: CodeFix['kind'];
  readonly title: string;
  /** Changes of the document, or of the notebook's cells, and of nothing else. */
  readonly edit: vscode.WorkspaceEdit;
  /** Module that the fix imports, to be created once the edit was applied where it is not there; null where the fix needs none. */
  readonly module: BlurModule | null;
}

/** What the lightbulb shows for one finding. */
export interface PreparedOffer {
  readonly fixes: readonly PreparedFix[];
  /** Why no fix inserts a BlurPool; null where one does. */
  readonly refusal: string | null;
}

interface PlacedContext {
  readonly context: FixContext;
  readonly modules: Readonly<Record<string, PlacedModule>>;
}

/**
 * Fixes of model code as edits of the editor. The document is changed by an edit of its own and the module is created after
 * it: VS Code saves all files of an edit that names several (files.refactoring.autoSave), and only the user may save.
 */
export class CodeFixes {
  constructor(
    private readonly documents: CodeDocuments,
    private readonly worker: CodeWorker,
    private readonly modules: BlurModules,
    private readonly libraries: ProjectLibraries,
    /** Any file that exists. */
    private readonly knownFile: vscode.Uri,
    private readonly status: DoneStatus,
  ) {}

  /** The fixes of a finding of the text as it is now; undefined where the text changes meanwhile. */
  async offersOf(source: CodeSource, finding: CodeFinding): Promise<PreparedOffer | undefined> {
    const { version } = source;
    const { context, modules } = await this.contextOf(source);
    if (source.version !== version) return undefined;
    const { rule, range } = finding;
    const { fixes, refusal } = await this.worker.request('offers', { document: source.key, finding: { rule, range }, context });
    if (source.version !== version) return undefined;
    const own = preparedOffer(source, fixes, refusal, modules);
    if (finding.builtAt.length === 0) return own;
    const elsewhere = await this.offersElsewhere(source, finding);
    if (source.version !== version) return undefined;
    const done = [...elsewhere.flatMap((offer) => offer.fixes), ...own.fixes];
    const [reason = own.refusal] = elsewhere.flatMap((offer) => offer.refusal ?? []);
    return { fixes: done, refusal: done.some(({ kind }) => kind === 'blur') ? null : reason };
  }

  /** Fixes where the layers of a finding are built, in files of the workspace. */
  private async offersElsewhere(source: CodeSource, { rule, range, builtAt }: CodeFinding): Promise<readonly PreparedOffer[]> {
    const inside = builtAt.filter(({ isOutside }) => isOutside !== true);
    const paths = [...new Set(inside.map(({ file }) => file))];
    const offers = paths.map(async (path): Promise<PreparedOffer | undefined> => {
      const other = await FileSource.of(vscode.Uri.file(path));
      if (other === undefined) return undefined;
      const { context, modules } = await this.contextOf(other);
      const file = { path, language: other.language, text: other.text() };
      const request = { document: source.key, finding: { rule, range }, file, context };
      const { fixes, refusal } = await this.worker.request('offersElsewhere', request);
      return preparedOffer(other, fixes, refusal, modules);
    });
    return (await Promise.all(offers)).filter((offer) => offer !== undefined);
  }

  /** How many findings of a source have a fix in it. */
  async fixableIn(source: CodeSource): Promise<number> {
    const { context } = await this.contextOf(source);
    return this.worker.request('fixable', { document: source.key, options: this.documents.lintOptions(source), context });
  }

  /** Inserts a BlurPool wherever it fits in the document, without saving; with `preview`, once the user agrees. */
  async fixAll(document: vscode.TextDocument | undefined, preview: boolean): Promise<void> {
    const source = document === undefined ? undefined : this.documents.sourceOf(document);
    if (source === undefined) {
      void showInformation(t`Shiftlint judges the document in front once it imports a framework it knows, such as torch or keras.`);
      return;
    }
    const { version } = source;
    const { context, modules } = await this.contextOf(source);
    const fix = await this.worker.request('fixAll', { document: source.key, options: this.documents.lintOptions(source), context });
    if (fix === null) {
      void showInformation(t`${nameOf(source)} has nothing into which Shiftlint can insert a BlurPool.`);
      return;
    }
    const prepared = prepare(source, fix, modules);
    if (typeof prepared === 'string') throw new Error(prepared);
    if (preview) await this.modules.addTo(prepared.edit, prepared.module);
    if (source.version !== version) throw changedMeanwhile(source);
    if (preview) askForPreview(prepared.edit, this.knownFile);
    const applying = vscode.workspace.applyEdit(prepared.edit);
    if (preview) groupByFix(applying);
    const applied = await applying;
    // In the preview the user may decide against it.
    if (preview && !applied) return;
    if (!applied) throw changedMeanwhile(source);
    const written = preview ? [] : await this.createModule(prepared.module, importersOf(prepared.edit));
    this.status.tell(t`Shiftlint: ${fix.title}`, [
      t`${nameOf(source)}: ${fix.title}.`,
      ...written,
      fineTuningAdvice,
      ...recoveryAdvice(source),
    ]);
  }

  /** Puts the recovery script beside the BlurPool module of a document, and shows it. */
  async addRecoveryScript(document: vscode.TextDocument | undefined): Promise<void> {
    const source = document === undefined ? undefined : this.documents.sourceOf(document);
    const script = source === undefined ? null : await this.modules.placeRecovery(source);
    if (script === null) {
      void showInformation(t`Shiftlint has a recovery script for Python code that imports torch, keras or tensorflow, and for no other.`);
      return;
    }
    if (!script.exists) await this.modules.create(script, []);
    await vscode.window.showTextDocument(script.uri, { preview: false });
  }

  /** Writes the module that a fix of these documents imports, after the fix, and says where. */
  async completeFix(module: BlurModule, importers: readonly vscode.Uri[]): Promise<void> {
    const written = await this.createModule(module, importers);
    if (written.length > 0) this.status.tell(t`Shiftlint: wrote ${displayPath(module.uri)}`, written);
  }

  /** What is to be said of a module that was written. */
  private async createModule(module: BlurModule | null, importers: readonly vscode.Uri[]): Promise<readonly string[]> {
    if (module === null || !(await this.modules.create(module, importers))) return [];
    return [
      t`${displayPath(module.uri)} was written, since the fixed code imports it; undoing the fix takes it back, saving the code keeps it.`,
    ];
  }

  private async contextOf(source: FixableSource): Promise<PlacedContext> {
    const [library, modules] = await Promise.all([this.libraries.libraryOf(source), this.modules.place(source)]);
    const root = vscode.workspace.getWorkspaceFolder(source.file)?.uri.path;
    return { context: fixContext(source.file.path, root, library, modules, settingsFor(source.file).filter), modules };
  }
}

/** An offer as the editor applies it. */
function preparedOffer(
  source: FixableSource,
  fixes: readonly CodeFix[],
  refusal: string | null,
  modules: PlacedContext['modules'],
): PreparedOffer {
  const prepared = fixes.map((fix) => prepare(source, fix, modules));
  const done = prepared.filter((fix) => typeof fix !== 'string');
  const reason = done.some(({ kind }) => kind === 'blur') ? null : prepared.find((fix) => typeof fix === 'string');
  return { fixes: done, refusal: refusal ?? reason ?? null };
}

/** The fix with places in documents; a sentence that says why where it cannot be applied. */
function prepare(source: FixableSource, fix: CodeFix, modules: PlacedContext['modules']): PreparedFix | string {
  const { kind, title, template } = fix;
  const placed = template === null ? undefined : modules[template];
  if (placed?.ok === false) return placed.reason;
  const edit = new vscode.WorkspaceEdit();
  for (const { label, edits } of labelledParts(source, fix)) {
    for (const { offset, length, text } of edits) {
      const location = source.locate({ start: offset, end: offset + length });
      if (location === undefined) return t`The fix would change several cells at one place, so it is left to you.`;
      edit.replace(location.uri, location.range, text, { needsConfirmation: false, label });
    }
  }
  return { kind, title, edit, module: placed?.module ?? null };
}

/** The documents that an edit changes. */
export function importersOf(edit: vscode.WorkspaceEdit): readonly vscode.Uri[] {
  return edit.entries().map(([uri]) => uri);
}

/**
 * The editor opens its Refactor Preview for an edit with an entry that needs confirmation, and leaves such entries unticked.
 * Everything here is to be ticked, so the one entry that asks is of no effect: it creates a file that exists, if it does not
 * exist, and is not even listed.
 */
function askForPreview(edit: vscode.WorkspaceEdit, knownFile: vscode.Uri): void {
  edit.createFile(knownFile, { ignoreIfExists: true }, { needsConfirmation: true, label: t`Preview` });
}

/** When the Refactor Preview, which tells nobody that it is there, is asked to list whole fixes in the place of their changes. */
const groupAfterMs = [500, 1500, 4000];

/** Lets the Refactor Preview list edits by their labels, for as long as it is not decided on. */
function groupByFix(applying: Thenable<boolean>): void {
  const timers = groupAfterMs.map((delay) =>
    setTimeout(() => {
      // An editor that knows no such command lists the changes one by one.
      vscode.commands.executeCommand('refactorPreview.groupByType').then(undefined, () => undefined);
    }, delay),
  );
  const stop = (): void => {
    for (const timer of timers) clearTimeout(timer);
  };
  applying.then(stop, stop);
}

/** True where we have a recovery script for what a document imports. */
export function hasRecoveryScript(source: CodeSource): boolean {
  return source.language === 'python' && recoverableFramework(source.text()) !== undefined;
}

/** Points to the recovery script where the document's framework has one. */
function recoveryAdvice(source: CodeSource): readonly string[] {
  return hasRecoveryScript(source)
    ? [
        t`"Shiftlint: Add Recovery Script" gives a script that brings the answers nearer to those of the original network, from unlabelled images.`,
      ]
    : [];
}

function changedMeanwhile(source: CodeSource): Error {
  return new Error(t`${nameOf(source)} changed while the fix was prepared, so nothing was changed: try again.`);
}

function nameOf(source: CodeSource): string {
  return displayPath(source.file);
}
