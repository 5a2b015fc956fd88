import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { actionsAt, closeWithoutSaving, moveTo, positionOf, show, tfjsNet, torchNet } from './code-source';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { applyFirst, codeOf, diagnosticsOf, eventually } from './waiting';

const insert = 'quickfix.shiftlint.insertBlurPool';
const disable = 'quickfix.shiftlint.disable';

suite('Quick fixes of model code', () => {
  suiteSetup(activated);
  teardown(closeWithoutSaving);

  test('insert a BlurPool, create its module beside the document, save nothing; undo takes the change back', async () => {
    const folder = await FixtureFolder.create('fix');
    const editor = await show(folder, 'net.py', torchNet);
    const { document } = editor;
    await diagnosticsOf(document.uri, 2);
    moveTo(editor, 'nn.MaxPool2d');
    const fixed = await applyFirst(document, insert);

    assert.match(fixed, /^from blurpool_torch import /m);
    assert.match(fixed, /BlurPool2d\(/);
    const [left] = await diagnosticsOf(document.uri, 1);
    assert.equal(left && codeOf(left), 'strided-conv');
    const module = folder.uri('blurpool_torch.py').fsPath;
    await eventually('the module', () => (existsSync(module) ? true : undefined));
    assert.match(await readFile(module, 'utf8'), /^# Shiftlint BlurPool module/);
    assert.ok(document.isDirty, 'nothing is saved by itself');
    assert.equal(await readFile(document.uri.fsPath, 'utf8'), torchNet);

    moveTo(editor, 'nn.Conv2d(16');
    const fixedTwice = await applyFirst(document, insert);
    assert.equal(fixedTwice.match(/^from blurpool_torch import/gm)?.length, 1, 'imported once');
    await diagnosticsOf(document.uri, 0);

    await vscode.commands.executeCommand('undo');
    await eventually('the first undo', () => (document.getText() === fixed ? true : undefined));
    await vscode.commands.executeCommand('undo');
    await eventually('the second undo', () => (document.getText() === torchNet ? true : undefined));
    await diagnosticsOf(document.uri, 2);
    await eventually('the module to go with its fix', () => (existsSync(module) ? undefined : true));
    await vscode.commands.executeCommand('redo');
    await eventually('the module to come back', () => (document.getText() === fixed && existsSync(module) ? true : undefined));
    assert.match(await readFile(module, 'utf8'), /^# Shiftlint BlurPool module/);
  });

  test('leave a module alone once its user has changed it, or saved code that imports it', async () => {
    const folder = await FixtureFolder.create('kept-module');
    const module = folder.uri('blurpool_torch.py');
    for (const keep of [
      (): Promise<unknown> => folder.write('blurpool_torch.py', '# Mine.\n'),
      (document: vscode.TextDocument): Promise<unknown> => Promise.resolve(document.save()),
    ]) {
      const editor = await show(folder, 'net.py', torchNet);
      const { document } = editor;
      await diagnosticsOf(document.uri, 2);
      await vscode.commands.executeCommand('shiftlint.fixAllInFile');
      assert.ok(existsSync(module.fsPath));
      await keep(document);
      const kept = await readFile(module.fsPath, 'utf8');
      await vscode.commands.executeCommand('undo');
      await eventually('the undo', () => (document.getText() === torchNet ? true : undefined));
      // Modules follow one after the other: when that of a later fix has gone, this one would have, too.
      const other = await show(folder, `other-${kept.length}/net.py`, torchNet);
      await diagnosticsOf(other.document.uri, 2);
      await vscode.commands.executeCommand('shiftlint.fixAllInFile');
      const removed = folder.uri(`other-${kept.length}/blurpool_torch.py`).fsPath;
      assert.ok(existsSync(removed));
      await vscode.commands.executeCommand('undo');
      await eventually('the other module to go', () => (existsSync(removed) ? undefined : true));
      assert.equal(await readFile(module.fsPath, 'utf8'), kept);
      await closeWithoutSaving();
      await vscode.workspace.fs.delete(module);
    }
  });

  test('take their module along when the code is closed without being saved', async () => {
    const folder = await FixtureFolder.create('discarded');
    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    await vscode.commands.executeCommand('shiftlint.fixAllInFile');
    const module = folder.uri('blurpool_torch.py').fsPath;
    assert.ok(existsSync(module));
    await closeWithoutSaving();
    await eventually('the module to go', () => (existsSync(module) ? undefined : true));
  });

  test('use the module of a package around, and leave it as it is', async () => {
    const folder = await FixtureFolder.create('package');
    const kept = '# Shiftlint BlurPool module, changed by its user.\nclass BlurPool2d: ...\n';
    await folder.write('nets/__init__.py', '');
    await folder.write('nets/blurpool_torch.py', kept);
    await folder.write('nets/small/__init__.py', '');
    const editor = await show(folder, 'nets/small/net.py', torchNet);
    await diagnosticsOf(editor.document.uri, 2);
    moveTo(editor, 'nn.MaxPool2d');
    assert.match(await applyFirst(editor.document, insert), /^from \.\.blurpool_torch import /m);
    await diagnosticsOf(editor.document.uri, 1);
    assert.equal(await readFile(folder.uri('nets/blurpool_torch.py').fsPath, 'utf8'), kept);
    assert.ok(!existsSync(folder.uri('nets/small/blurpool_torch.py').fsPath));
  });

  test('take the library that the project requires', async () => {
    const folder = await FixtureFolder.create('timm');
    const editor = await show(folder, 'net.py', `import timm\n${torchNet}`);
    await diagnosticsOf(editor.document.uri, 2);
    moveTo(editor, 'nn.MaxPool2d');
    assert.match(await applyFirst(editor.document, insert), /timm/);
    assert.ok(!existsSync(folder.uri('blurpool_torch.py').fsPath));
  });

  test('say what antialiased_cnns forbids where it was chosen', async () => {
    const settings = vscode.workspace.getConfiguration('shiftlint');
    await settings.update('blurLibrary', 'antialiased_cnns', vscode.ConfigurationTarget.Workspace);
    try {
      const folder = await FixtureFolder.create('licence');
      const { document } = await show(folder, 'net.py', torchNet);
      await diagnosticsOf(document.uri, 2);
      const titles = (await actionsAt(document, 'nn.Conv2d(16')).map(({ title }) => title);
      assert.ok(
        titles.some((title) => /CC BY-NC-SA 4\.0: not for commercial use/.test(title)),
        titles.join('; '),
      );
    } finally {
      await settings.update('blurLibrary', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  for (const [name, module] of [
    ['net.ts', 'blurpool.ts'],
    ['net.js', 'blurpool.js'],
  ] as const) {
    test(`import ${module} into ${name}`, async () => {
      const folder = await FixtureFolder.create('tfjs');
      const editor = await show(folder, name, tfjsNet.replace('@tensorflow/tfjs', '@tensorflow/tfjs-node'));
      await diagnosticsOf(editor.document.uri, 1);
      moveTo(editor, 'tf.layers.maxPooling2d');
      const fixed = await applyFirst(editor.document, insert);
      assert.match(fixed, name.endsWith('.ts') ? /from '\.\/(?:\w+\/)*blurpool'/ : /from '\.\/blurpool\.js'/);
      await diagnosticsOf(editor.document.uri, 0);
      const created = await eventually('the module', () =>
        existsSync(folder.uri(module).fsPath) ? readFile(folder.uri(module).fsPath, 'utf8') : undefined,
      );
      assert.match(created, /^\/\/ Shiftlint BlurPool module/);
      assert.match(created, /from ['"]@tensorflow\/tfjs-node['"]/);
    });
  }

  test('go through the Refactor Preview from the lightbulb too: they carry an edit of one file', async () => {
    const folder = await FixtureFolder.create('carry');
    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    const fix = (await actionsAt(document, 'nn.MaxPool2d')).find(({ kind }) => kind?.value === insert);
    assert.ok(fix?.edit);
    assert.deepEqual(
      fix.edit.entries().map(([uri]) => uri.toString()),
      [document.uri.toString()],
    );
    assert.notEqual(fix.isPreferred, true);
    assert.equal(fix.diagnostics?.length ?? 0, 0);
  });

  test('silence a rule for a line, and in the file', async () => {
    const folder = await FixtureFolder.create('disable');
    const editor = await show(folder, 'net.py', torchNet);
    const { document } = editor;
    await diagnosticsOf(document.uri, 2);
    const titles = (await actionsAt(document, 'nn.MaxPool2d')).map(({ title }) => title);
    const inFile = titles.findIndex((title) => /^Disable strided-max-pool for this file$/.test(title));
    assert.ok(inFile > titles.indexOf('Disable strided-max-pool for this line'), titles.join('; '));

    moveTo(editor, 'nn.MaxPool2d');
    const silenced = await applyFirst(document, disable);
    assert.match(silenced, /shiftlint.*strided-max-pool/);
    const [left] = await diagnosticsOf(document.uri, 1);
    assert.equal(left && codeOf(left), 'strided-conv');
    await vscode.commands.executeCommand('undo');
    await diagnosticsOf(document.uri, 2);

    const fix = (await actionsAt(document, 'nn.Conv2d(16')).find(({ title }) => title === 'Disable strided-conv for this file');
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);
    const [pool] = await diagnosticsOf(document.uri, 1);
    assert.equal(pool && codeOf(pool), 'strided-max-pool');
  });

  test('give the reason where there is none', async () => {
    const folder = await FixtureFolder.create('refused');
    const { document } = await show(folder, 'net.py', 'from tf_keras import layers\n\npool = layers.MaxPooling2D(2)\n');
    await diagnosticsOf(document.uri, 1);
    const kinds = (await actionsAt(document, 'layers.MaxPooling2D')).map(({ kind }) => kind?.value);
    assert.ok(kinds.includes(disable));
    assert.ok(!kinds.includes(insert));
    const text = (await hoversAt(document, positionOf(document, 'layers.MaxPooling2D'))).join('\n');
    assert.match(text, /No BlurPool can be inserted here: .*tf\\_keras/);
  });

  test('open the rule’s page', async () => {
    const folder = await FixtureFolder.create('page');
    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    const open = (await actionsAt(document, 'nn.MaxPool2d')).find(({ title }) => title === 'Open the documentation of strided-max-pool');
    assert.equal(open?.command?.command, 'shiftlint.openRuleDocumentation');
    assert.deepEqual(open.command.arguments, ['strided-max-pool']);
  });

  test('are not part of fixing everything on save, and offer nothing elsewhere', async () => {
    const folder = await FixtureFolder.create('elsewhere');
    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    assert.deepEqual(
      (await actionsAt(document, 'nn.MaxPool2d', vscode.CodeActionKind.SourceFixAll)).map(({ title }) => title),
      [],
    );
    assert.deepEqual(
      (await actionsAt(document, 'nn.ReLU')).map(({ title }) => title).filter((title) => /BlurPool|Disable/.test(title)),
      [],
    );
  });

  test('fix the whole file on command, in one step', async () => {
    const folder = await FixtureFolder.create('all');
    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    await vscode.commands.executeCommand('shiftlint.fixAllInFile');
    await diagnosticsOf(document.uri, 0);
    assert.ok(existsSync(folder.uri('blurpool_torch.py').fsPath));
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('undo');
    await eventually('the undo', () => (document.getText() === torchNet ? true : undefined));
    await eventually('the module to go', () => (existsSync(folder.uri('blurpool_torch.py').fsPath) ? undefined : true));
  });

  test('are shown in the Refactor Preview before they are made', async () => {
    const folder = await FixtureFolder.create('preview');
    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    const done = vscode.commands.executeCommand('shiftlint.previewFixCode');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(document.getText(), torchNet, 'nothing changes before the user agrees');
    await decide('refactorPreview.apply', done);
    await diagnosticsOf(document.uri, 0);
    assert.ok(document.isDirty);
    assert.ok(existsSync(folder.uri('blurpool_torch.py').fsPath));

    await vscode.commands.executeCommand('undo');
    await diagnosticsOf(document.uri, 2);
    await eventually('the module to go', () => (existsSync(folder.uri('blurpool_torch.py').fsPath) ? undefined : true));
    const refused = vscode.commands.executeCommand('shiftlint.previewFixCode');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await decide('refactorPreview.discard', refused);
    assert.equal(document.getText(), torchNet);
  });

  test('are ticked as wholes in the Refactor Preview: one entry for each layer, one for the imports, one for the module', async () => {
    const { code } = await activated();
    const folder = await FixtureFolder.create('entries');
    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    const applied: vscode.WorkspaceEdit[] = [];
    const { applyEdit } = vscode.workspace;
    Object.assign(vscode.workspace, {
      applyEdit: (edit: vscode.WorkspaceEdit) => {
        applied.push(edit);
        return Promise.resolve(false);
      },
    });
    try {
      await vscode.commands.executeCommand('shiftlint.previewFixCode');
    } finally {
      Object.assign(vscode.workspace, { applyEdit });
    }
    const [edit] = applied;
    assert.ok(edit);
    assert.equal(code.documents.sourceOf(document)?.text(), torchNet);
    const labels = new Map<string, number>();
    for (const { label, needsConfirmation } of metadataOf(edit)) {
      labels.set(label, (labels.get(label) ?? 0) + 1);
      assert.equal(needsConfirmation, label === 'Preview', label);
    }
    const [pool, conv, imports, module, ...rest] = [...labels.keys()];
    assert.match(pool ?? '', /^Line 10: Replace by MaxBlurPool2d \(Tri-3\)$/);
    assert.match(conv ?? '', /^Line 11: Blur after nn\.ReLU: BlurPool2d/);
    assert.match(imports ?? '', /^Import MaxBlurPool2d, BlurPool2d/);
    assert.match(module ?? '', /^Create .*blurpool_torch\.py$/);
    assert.deepEqual(rest, ['Preview']);
  });

  test('are made where the layer is built, in another file: unsaved, with the module beside it; the finding goes', async () => {
    const folder = await FixtureFolder.create('built-elsewhere');
    const blocks = 'import torch.nn as nn\n\n\ndef conv(c, s=1):\n    return nn.Conv2d(c, c, 3, stride=s)\n';
    const helper = await folder.write('lib/blocks.py', blocks);
    await folder.write('lib/__init__.py', '');
    const { document } = await show(folder, 'net.py', 'from lib.blocks import conv\n\nlayer = conv(8, 2)\n');
    const [finding] = await diagnosticsOf(document.uri, 1);
    assert.equal(finding?.relatedInformation?.[0]?.location.uri.toString(), helper.toString());
    const fix = (await actionsAt(document, 'conv(8')).find(({ kind }) => kind?.value === insert);
    assert.match(fix?.title ?? '', /^In blocks\.py, line 5: Replace by BlurConv2d \(Tri-3\)/);
    assert.deepEqual(
      fix?.edit?.entries().map(([uri]) => uri.toString()),
      [helper.toString()],
    );
    const hovers = await hoversAt(document, positionOf(document, 'conv(8'));
    assert.doesNotMatch(hovers.join('\n'), /No BlurPool can be inserted/);

    const editor = await vscode.window.showTextDocument(document);
    moveTo(editor, 'conv(8');
    await vscode.commands.executeCommand('editor.action.codeAction', { kind: insert, apply: 'first' });
    await diagnosticsOf(document.uri, 0);
    const changed = await eventually('the helper', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === helper.toString()),
    );
    assert.match(changed.getText(), /return BlurConv2d\(c, c, 3, stride=s\)/);
    assert.match(changed.getText(), /^from \.blurpool_torch import BlurConv2d$/m);
    assert.ok(changed.isDirty, 'nothing is saved by itself');
    assert.equal(await readFile(helper.fsPath, 'utf8'), blocks);
    await eventually('the module', () => (existsSync(folder.uri('lib/blurpool_torch.py').fsPath) ? true : undefined));
    await vscode.window.showTextDocument(changed);
  });

  test('need a place for the module: an untitled document gets it in the workspace', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'python', content: torchNet });
    const editor = await vscode.window.showTextDocument(document);
    await diagnosticsOf(document.uri, 2);
    moveTo(editor, 'nn.MaxPool2d');
    await applyFirst(document, insert);
    const workspace = vscode.workspace.workspaceFolders?.[0];
    assert.ok(workspace);
    const module = vscode.Uri.joinPath(workspace.uri, 'blurpool_torch.py');
    await eventually('the module', () => (existsSync(module.fsPath) ? true : undefined));
    await vscode.workspace.fs.delete(module);
  });
});

suite('Hover on model code', () => {
  suiteSetup(activated);
  teardown(closeWithoutSaving);

  test('explains a flagged call on its name, and is silent elsewhere', async () => {
    const folder = await FixtureFolder.create('hover');
    const { document } = await show(folder, 'net.py', torchNet);
    await diagnosticsOf(document.uri, 2);
    const name = positionOf(document, 'nn.MaxPool2d(2)');
    const text = (await hoversAt(document, name.translate(0, 4))).join('\n');
    assert.match(text, /Stride 2/);
    assert.match(text, /1 2 1\n2 4 2 {3}\/ 16\n1 2 1/);
    assert.match(text, /command:shiftlint\.openRuleDocumentation\?%5B%22strided-max-pool%22%5D/);
    assert.equal(text.split('low-pass filter').length, 2, 'the rule is explained once');
    for (const elsewhere of ['nn.ReLU', 'forward', 'nn.Conv2d(3', '2),']) {
      assert.deepEqual(await hoversAt(document, positionOf(document, elsewhere)), [], elsewhere);
    }
  });
});

/** Answers the Refactor Preview, which a busy window may show late, so it is answered again until the edit is decided on. */
async function decide(command: string, decided: Thenable<unknown>): Promise<void> {
  let isDecided = false;
  void decided.then(() => (isDecided = true));
  await eventually('the Refactor Preview', async () => {
    if (!isDecided) await vscode.commands.executeCommand(command);
    return isDecided ? true : undefined;
  });
}

/** What the entries of an edit say in the Refactor Preview, which only VS Code itself can ask an edit. */
function metadataOf(edit: vscode.WorkspaceEdit): readonly vscode.WorkspaceEditEntryMetadata[] {
  const entries = (
    edit as unknown as { _allEntries(): readonly { readonly metadata?: vscode.WorkspaceEditEntryMetadata }[] }
  )._allEntries();
  return entries.map(({ metadata }) => metadata ?? { needsConfirmation: false, label: 'none' });
}

/** Our own hovers at a place, as Markdown. */
async function hoversAt(document: vscode.TextDocument, position: vscode.Position): Promise<readonly string[]> {
  const hovers = await vscode.commands.executeCommand<readonly vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  return hovers.flatMap(({ contents }) => contents.map((content) => (content instanceof vscode.MarkdownString ? content.value : '')));
}
