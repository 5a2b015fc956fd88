import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { isMapFile } from '../../../core/report/measure-report';
import type { EngineClient } from '../../../engine/host/client';
import { writeText } from '../../platform/atomic-write';
import { displayPath } from '../../platform/display-path';
import type { Study, StudyOutcome } from '../studies/study';
import { askFirst, showInformation } from '../../platform/notices';

/** Forms that an outcome can be written in. */
export type ExportForm = 'json' | 'csv' | 'maps';

/** What is exported. */
export interface Exported {
  readonly model: vscode.Uri;
  readonly study: Study;
  readonly outcome: StudyOutcome;
  readonly engine: EngineClient;
}

const forms: readonly (vscode.QuickPickItem & { readonly form: ExportForm })[] = [
  { form: 'json', label: 'JSON', detail: t`Everything, as the command line prints it` },
  { form: 'csv', label: 'CSV', detail: t`A table for spreadsheets` },
  { form: 'maps', label: t`Maps`, detail: t`A folder with every heatmap as NumPy array (.npy) and picture (.png)` },
];

/** Asks for a form and a place, and writes an outcome there. Does nothing where the user cancels. */
export async function exportOutcome(exported: Exported): Promise<void> {
  const { study } = exported;
  const offered = forms.filter(({ form }) => form !== 'maps' || study.writeMaps !== undefined);
  const form = (await vscode.window.showQuickPick(offered, { title: t`Export as` }))?.form;
  if (form === undefined) return;
  const place = await choosePlace(exported, form);
  if (place === undefined) return;
  const mayReplace = form === 'maps' && (await holdsMaps(place));
  if (mayReplace && !(await agreesToReplace(place))) return;
  const files = await writeOutcome(exported, form, place, mayReplace);
  const open = form === 'maps' ? t`Reveal` : t`Open`;
  if ((await showInformation(writtenText(study, place, form === 'maps' ? files.length : undefined), open)) === undefined) return;
  await vscode.commands.executeCommand(form === 'maps' ? 'revealFileInOS' : 'vscode.open', place);
}

/** Says where an outcome lies. @param maps how many files there are, where it is a folder of them */
function writtenText({ outcomeNoun }: Study, place: vscode.Uri, maps: number | undefined): string {
  const path = displayPath(place);
  if (outcomeNoun === 'measurement')
    return maps === undefined ? t`The measurement was written to ${path}.` : t`The measurement was written to ${path}, ${maps} files.`;
  return maps === undefined ? t`The result was written to ${path}.` : t`The result was written to ${path}, ${maps} files.`;
}

/**
 * Writes an outcome to a file, or its maps to a folder.
 *
 * @param mayReplace maps of the same names in that folder
 * @returns the files written @throws vscode.FileSystemError, ModelError, EngineError
 */
export async function writeOutcome(
  { model, study, outcome, engine }: Exported,
  form: ExportForm,
  place: vscode.Uri,
  mayReplace = false,
): Promise<readonly string[]> {
  if (form === 'maps') return (await study.writeMaps?.(outcome, engine, place.fsPath, mayReplace)) ?? [];
  const name = displayPath(model);
  const text = form === 'json' ? `${JSON.stringify(study.report(outcome, name), null, 2)}\n` : study.csv(outcome, name);
  await writeText(place, text);
  return [place.fsPath];
}

async function holdsMaps(folder: vscode.Uri): Promise<boolean> {
  return (await vscode.workspace.fs.readDirectory(folder)).some(([name]) => isMapFile(name));
}

async function agreesToReplace(folder: vscode.Uri): Promise<boolean> {
  const replace = t`Replace`;
  const message = t`${displayPath(folder)} holds maps already. Those of the same names are replaced.`;
  return (await askFirst(message, replace)) === replace;
}

async function choosePlace({ model, study }: Exported, form: ExportForm): Promise<vscode.Uri | undefined> {
  const folder = vscode.Uri.joinPath(model, '..');
  if (form === 'maps') {
    const chosen = await vscode.window.showOpenDialog({
      title: t`Folder for the maps`,
      openLabel: t`Write Maps Here`,
      defaultUri: folder,
      canSelectFiles: false,
      canSelectFolders: true,
    });
    return chosen?.[0];
  }
  const name = model.path.slice(model.path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  return vscode.window.showSaveDialog({
    title: t`Export`,
    defaultUri: vscode.Uri.joinPath(folder, `${name}-${study.command}.${form}`),
    filters: { [form.toUpperCase()]: [form] },
  });
}
