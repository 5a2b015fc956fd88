import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { actionsAt, closeWithoutSaving, moveTo } from './code-source';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { applyFirst, codeOf, diagnosticsOf, eventually } from './waiting';

/** Cells as Jupyter writes them. */
function notebookText(cells: readonly string[]): string {
  const written = cells.map((source) => ({
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [],
    source: source.split(/(?<=\n)/),
  }));
  return JSON.stringify({ cells: written, metadata: { language_info: { name: 'python' } }, nbformat: 4, nbformat_minor: 2 }, null, 1);
}

const importCell = '%matplotlib inline\n!pip install torch\nimport torch.nn as nn';
const poolCell = '%%time\npool = nn.MaxPool2d(2)';

suite('Model code in a notebook', () => {
  suiteSetup(activated);
  teardown(closeWithoutSaving);

  async function open(
    cells: readonly string[],
  ): Promise<{ readonly folder: FixtureFolder; readonly notebook: vscode.NotebookDocument; readonly path: string }> {
    const folder = await FixtureFolder.create('notebook');
    const uri = await folder.write('net.ipynb', notebookText(cells));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    return { folder, notebook, path: uri.fsPath };
  }

  /** Puts the cursor into a cell, as a click does. */
  async function edit(notebook: vscode.NotebookDocument, index: number): Promise<vscode.TextEditor> {
    const editor = await vscode.window.showNotebookDocument(notebook, { selections: [new vscode.NotebookRange(index, index + 1)] });
    await vscode.commands.executeCommand('notebook.cell.edit');
    return eventually(`cell ${index} to be edited`, () => {
      const active = vscode.window.activeTextEditor;
      return active !== undefined && active.document === editor.notebook.cellAt(index).document ? active : undefined;
    });
  }

  test('is flagged as it is typed, with the import in another cell', async () => {
    const { notebook } = await open([importCell, 'pool = ', 'print("done")']);
    const editor = await edit(notebook, 1);
    editor.selection = new vscode.Selection(0, 7, 0, 7);
    for (const text of 'nn.MaxPool2d(2)') await vscode.commands.executeCommand('type', { text });
    const [finding] = await diagnosticsOf(editor.document.uri, 1);
    assert.ok(finding);
    assert.equal(codeOf(finding), 'strided-max-pool');
    assert.equal(editor.document.getText(finding.range), 'nn.MaxPool2d(2)');
    await diagnosticsOf(notebook.cellAt(0).document.uri, 0);
  });

  test('is fixed across cells, with the module beside the notebook; nothing is saved, undo takes it back', async () => {
    const { folder, notebook, path } = await open([importCell, poolCell]);
    const onDisk = await readFile(path, 'utf8');
    const editor = await edit(notebook, 1);
    const { document } = editor;
    await diagnosticsOf(document.uri, 1);
    moveTo(editor, 'nn.MaxPool2d');
    const fixed = await applyFirst(document, 'quickfix.shiftlint.insertBlurPool');
    assert.match(fixed, /^%%time\n/);
    const all = notebook
      .getCells()
      .map((cell) => cell.document.getText())
      .join('\n');
    assert.match(all, /^from blurpool_torch import /m);
    await diagnosticsOf(document.uri, 0);
    await eventually('the module', () => (existsSync(folder.uri('blurpool_torch.py').fsPath) ? true : undefined));
    assert.ok(notebook.isDirty);
    assert.equal(await readFile(path, 'utf8'), onDisk, 'nothing is saved by itself');

    await vscode.commands.executeCommand('undo');
    await eventually('the undo', () => (document.getText() === poolCell ? true : undefined));
    await diagnosticsOf(document.uri, 1);
  });

  test('is fixed everywhere on command, and previewed', async () => {
    const cells = [importCell, poolCell, '%%capture\nnet = nn.Sequential(nn.Conv2d(8, 8, 3, stride=2), nn.ReLU())'];
    const { folder, notebook } = await open(cells);
    const texts = (): readonly string[] => notebook.getCells().map(({ document }) => document.getText());
    const [, pool, net] = notebook.getCells();
    assert.ok(pool && net);
    await diagnosticsOf(pool.document.uri, 1);
    await diagnosticsOf(net.document.uri, 1);
    await edit(notebook, 1);

    const previewed = vscode.commands.executeCommand('shiftlint.previewFixCode');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(texts(), cells);
    await vscode.commands.executeCommand('refactorPreview.discard');
    await previewed;
    assert.deepEqual(texts(), cells);
    assert.ok(!existsSync(folder.uri('blurpool_torch.py').fsPath));

    await vscode.commands.executeCommand('shiftlint.fixAllInFile', pool.document.uri);
    await diagnosticsOf(pool.document.uri, 0);
    await diagnosticsOf(net.document.uri, 0);
    assert.ok(texts()[1]?.startsWith('%%time\n'));
    assert.ok(texts()[2]?.startsWith('%%capture\n'));
    assert.ok(existsSync(folder.uri('blurpool_torch.py').fsPath));
  });

  test('is silenced for a line', async () => {
    const { notebook } = await open([importCell, poolCell]);
    const editor = await edit(notebook, 1);
    await diagnosticsOf(editor.document.uri, 1);
    moveTo(editor, 'nn.MaxPool2d');
    const silenced = await applyFirst(editor.document, 'quickfix.shiftlint.disable');
    assert.match(silenced, /^%%time\n[^]*shiftlint/);
    await diagnosticsOf(editor.document.uri, 0);
  });

  test('follows cells that are added, moved, removed and switched to another language', async () => {
    const { notebook } = await open([importCell, poolCell]);
    const pool = notebook.cellAt(1).document;
    await diagnosticsOf(pool.uri, 1);

    const added = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'small = nn.Conv2d(3, 8, 3, stride=2)', 'python');
    await apply(notebook, vscode.NotebookEdit.insertCells(1, [added]));
    await diagnosticsOf(notebook.cellAt(1).document.uri, 1);
    await diagnosticsOf(pool.uri, 1);

    const { document } = notebook.cellAt(1);
    await apply(notebook, vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(1, 2)));
    await diagnosticsOf(document.uri, 0);
    await diagnosticsOf(pool.uri, 1);

    await vscode.languages.setTextDocumentLanguage(pool, 'markdown');
    await diagnosticsOf(pool.uri, 0);
    await vscode.languages.setTextDocumentLanguage(notebook.cellAt(1).document, 'python');
    await diagnosticsOf(notebook.cellAt(1).document.uri, 1);

    await apply(notebook, vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(0, 1)));
    await diagnosticsOf(notebook.cellAt(0).document.uri, 0);
  });

  test('leaves a cell of another language’s magic alone', async () => {
    const { notebook } = await open([importCell, '%%writefile net.py\npool = nn.MaxPool2d(2)', poolCell]);
    await diagnosticsOf(notebook.cellAt(2).document.uri, 1);
    await diagnosticsOf(notebook.cellAt(1).document.uri, 0);
    assert.deepEqual(
      (await actionsAt(notebook.cellAt(1).document, 'nn.MaxPool2d')).map(({ title }) => title),
      [],
    );
  });

  async function apply(notebook: vscode.NotebookDocument, edit: vscode.NotebookEdit): Promise<void> {
    const workspaceEdit = new vscode.WorkspaceEdit();
    workspaceEdit.set(notebook.uri, [edit]);
    assert.ok(await vscode.workspace.applyEdit(workspaceEdit));
  }
});
