import * as vscode from 'vscode';
import { adviceCsv, compareCsv, consistencyCsv, measureCsv } from '../../core/report/csv';
import { deployedReport } from '../../core/report/deployed-report';
import { measureReport } from '../../core/report/measure-report';
import { displayPath } from '../models/source';
import type { PanelStudies } from './studies';
import type { StudyResult } from './study-result';
import type { TaskName } from '../../panel-protocol/messages';

/** Forms that a result can be written in. */
export type ExportForm = 'json' | 'csv' | 'maps';

const forms: readonly (vscode.QuickPickItem & { readonly form: ExportForm })[] = [
  { form: 'json', label: 'JSON', detail: 'Everything, as the command line prints it' },
  { form: 'csv', label: 'CSV', detail: 'A table for spreadsheets' },
  { form: 'maps', label: 'Maps', detail: 'A folder with every heatmap as NumPy array (.npy) and picture (.png)' },
];

/** Asks for a form and a place, and writes a result there. Does nothing where there is no result or the user cancels. */
export async function exportResult(model: vscode.Uri, studies: PanelStudies, task: TaskName): Promise<void> {
  const result = studies.resultOf(task);
  if (result === undefined) return;
  const offered = forms.filter(({ form }) => form !== 'maps' || task === 'measure');
  const form = (await vscode.window.showQuickPick(offered, { title: 'Export as' }))?.form;
  if (form === undefined) return;
  const place = await choosePlace(model, task, form);
  if (place === undefined) return;
  await writeResult(model, studies, result, form, place);
  const open = form === 'maps' ? 'Reveal' : 'Open';
  if (
    (await vscode.window.showInformationMessage(
      `The ${task === 'measure' ? 'measurement' : 'result'} was written to ${displayPath(place)}.`,
      open,
    )) === undefined
  )
    return;
  await vscode.commands.executeCommand(form === 'maps' ? 'revealFileInOS' : 'vscode.open', place);
}

/** Writes a result to a file, or its maps to a folder. @throws vscode.FileSystemError, EngineError */
export async function writeResult(
  model: vscode.Uri,
  studies: PanelStudies,
  result: StudyResult,
  form: ExportForm,
  place: vscode.Uri,
): Promise<void> {
  if (form === 'maps') {
    await studies.writeMaps(place.fsPath);
    return;
  }
  const text = form === 'json' ? `${JSON.stringify(reportOf(displayPath(model), result), null, 2)}\n` : csvOf(displayPath(model), result);
  await vscode.workspace.fs.writeFile(place, new TextEncoder().encode(text));
}

async function choosePlace(model: vscode.Uri, task: TaskName, form: ExportForm): Promise<vscode.Uri | undefined> {
  const folder = vscode.Uri.joinPath(model, '..');
  if (form === 'maps') {
    const chosen = await vscode.window.showOpenDialog({
      title: 'Folder for the maps',
      openLabel: 'Write Maps Here',
      defaultUri: folder,
      canSelectFiles: false,
      canSelectFolders: true,
    });
    return chosen?.[0];
  }
  const name = model.path.slice(model.path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  return vscode.window.showSaveDialog({
    title: 'Export',
    defaultUri: vscode.Uri.joinPath(folder, `${name}-${task}.${form}`),
    filters: { [form.toUpperCase()]: [form] },
  });
}

function reportOf(model: string, result: StudyResult) {
  return result.task === 'measure' ? measured(model, result) : result.report;
}

function measured(model: string, { backend, measurement, notes }: Extract<StudyResult, { task: 'measure' }>) {
  return 'grid' in measurement
    ? deployedReport(model, backend, measurement, notes, false)
    : measureReport(model, backend, measurement, undefined);
}

function csvOf(model: string, result: StudyResult): string {
  switch (result.task) {
    case 'measure':
      return measureCsv(measured(model, result));
    case 'consistency':
      return consistencyCsv(result.report);
    case 'compare':
      return compareCsv(result.report);
    case 'advise':
      return adviceCsv(result.report);
  }
}
