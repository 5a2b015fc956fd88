import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PlannedChange } from '../../engine/protocol/reading';
import type { LastFix } from '../../panel-protocol/fixes';
import type { JudgedModel } from './analysis';
import type { ModelContents } from './contents';
import { doneText } from './fix-messages';
import type { FixMarks } from './layer-marks';

/** A fix that stands, as far as is known. */
interface DoneFix {
  readonly text: string;
  /** Of the model with it. Another version is another content, unless it came of taking a later fix back. */
  readonly version: string;
}

interface ModelFixes extends FixMarks {
  readonly done: readonly DoneFix[];
}

/** Why an edit of a model that is not its last one is not taken back from the page. */
const changedSince = t`The model has changed since: take later changes back in the editor first (Edit, Undo).`;

/** What fixes of this window have made of each model: what the page marks, says and takes back. */
export class FixHistory implements vscode.Disposable {
  private readonly models = new Map<string, ModelFixes>();
  private readonly starts = new vscode.EventEmitter<vscode.Uri>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  /** Fires before a fix changes a model. */
  readonly onWillFix = this.starts.event;
  /** Fires after one has, and after one was taken back. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly contents: ModelContents) {}

  /**
   * Makes a fix that is to be remembered.
   *
   * @param apply makes the edit @param further what is to be said of it beside what was planned
   * @throws whatever `apply` throws, and then nothing is remembered
   */
  async during(model: JudgedModel, planned: PlannedChange, apply: () => Promise<void>, further = ''): Promise<void> {
    const { uri } = model;
    const before = this.models.get(uri.toString());
    this.starts.fire(uri);
    // What the table marks is known before the changed table is asked for.
    this.models.set(uri.toString(), withMarks(before, planned));
    try {
      await apply();
    } catch (error) {
      this.restore(uri, before);
      throw error;
    }
    const { version } = await this.contents.of(uri);
    const text = [doneText(planned, model), further].filter((sentence) => sentence !== '').join(' ');
    const marked = this.models.get(uri.toString()) ?? withMarks(before, planned);
    this.models.set(uri.toString(), { ...marked, done: [...marked.done, { text, version }] });
    this.changes.fire(uri);
  }

  /** What fixes have put in and changed; undefined for a model that none has touched. */
  marks(uri: vscode.Uri): FixMarks | undefined {
    return this.models.get(uri.toString());
  }

  /** The latest fix that stands, for a model of this version. */
  last(uri: vscode.Uri, version: string | undefined): LastFix | null {
    const last = this.models.get(uri.toString())?.done.at(-1);
    return last === undefined ? null : { text: last.text, obstacle: last.version === version ? null : changedSince };
  }

  /**
   * Takes the latest fix back by the editor's own undo.
   *
   * @param undo brings the model's editor to the front and undoes there @throws Error where something else was done since
   */
  async undo(uri: vscode.Uri, undo: () => Promise<void>): Promise<void> {
    const last = this.models.get(uri.toString())?.done.at(-1);
    if (last === undefined) return;
    if (last.version !== (await this.versionOf(uri))) throw new Error(changedSince);
    await undo();
    const version = await this.versionOf(uri);
    if (version === last.version) throw new Error(t`The editor did not take the fix back: undo it there (Edit, Undo).`);
    const fixes = this.models.get(uri.toString());
    if (fixes === undefined) return;
    const left = fixes.done.slice(0, -1);
    // With this fix undone the model is what the one before has made of it.
    const done = left.map((fix, index) => (index === left.length - 1 ? { ...fix, version } : fix));
    this.models.set(uri.toString(), { ...fixes, done });
    this.changes.fire(uri);
  }

  /** Forgets a model that is as its file has it: whatever was changed was saved, dropped or never made. */
  forget(uri: vscode.Uri): void {
    if (this.models.delete(uri.toString())) this.changes.fire(uri);
  }

  dispose(): void {
    this.starts.dispose();
    this.changes.dispose();
  }

  private restore(uri: vscode.Uri, before: ModelFixes | undefined): void {
    if (before === undefined) this.models.delete(uri.toString());
    else this.models.set(uri.toString(), before);
  }

  private async versionOf(uri: vscode.Uri): Promise<string> {
    return (await this.contents.of(uri)).version;
  }
}

/** The layers before the first fix stay those that later ones are told from. */
function withMarks(before: ModelFixes | undefined, { layersBefore, outcomes }: PlannedChange): ModelFixes {
  const fixed = outcomes.flatMap(({ ok, layer }) => (ok ? [layer] : []));
  return {
    before: before?.before ?? new Set(layersBefore),
    fixed: new Set([...(before?.fixed ?? []), ...fixed]),
    done: before?.done ?? [],
  };
}
