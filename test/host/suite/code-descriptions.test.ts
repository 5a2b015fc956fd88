import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actionsAt, closeWithoutSaving, moveTo, show } from './code-source';
import { activated } from './extension';
import { FixtureFolder } from './fixture-folder';
import { applyFirst, codeOf, diagnosticsOf, eventually } from './waiting';

const description = `# A model in rows.
nc: 4

backbone:
  - [-1, 1, Conv, [64, 6, 2, 2]]
  - [-1, 1, Conv, [128, 3, 2]]
  - [-1, 3, C3, [128]]

head:
  - [-1, 1, nn.Upsample, [None, 2, "nearest"]]
`;

suite('Model descriptions in YAML', () => {
  suiteSetup(activated);
  teardown(closeWithoutSaving);

  test('have findings on their rows, a comment as quick fix, and the reason why there is no BlurPool', async () => {
    const folder = await FixtureFolder.create('yolo');
    const editor = await show(folder, 'small.yaml', description);
    const { document } = editor;
    assert.equal(document.languageId, 'yaml');
    const findings = await diagnosticsOf(document.uri, 2);
    assert.deepEqual(
      findings.map((finding) => `${codeOf(finding)} ${document.getText(finding.range)}`),
      ['strided-conv [-1, 1, Conv, [64, 6, 2, 2]]', 'strided-conv [-1, 1, Conv, [128, 3, 2]]'],
    );
    const titles = (await actionsAt(document, '[-1, 1, Conv, [128')).map(({ title }) => title);
    assert.ok(titles.includes('Disable strided-conv for this line'), titles.join('; '));
    const hovers = await vscode.commands.executeCommand<readonly vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      findings[1]?.range.start,
    );
    const told = hovers.flatMap(({ contents }) => contents.map((one) => (one instanceof vscode.MarkdownString ? one.value : '')));
    assert.match(told.join('\n'), /No BlurPool can be inserted here: .*parse/);

    moveTo(editor, '[-1, 1, Conv, [128');
    const silenced = await applyFirst(document, 'quickfix.shiftlint.disable');
    assert.match(silenced, /^ {2}- \[-1, 1, Conv, \[128, 3, 2\]\] {2}# shiftlint: disable=strided-conv$/m);
    await diagnosticsOf(document.uri, 1);
    assert.ok(document.isDirty);
  });

  test('are known as one while they are typed; other YAML is left alone', async () => {
    const { code } = await activated();
    const folder = await FixtureFolder.create('yaml');
    const { document: other } = await show(folder, 'compose.yaml', 'services:\n  web:\n    ports: [[80, 1, web, [80]]]\n');
    const editor = await show(folder, 'typed.yaml', 'nc: 4\nbackbone:\n');
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(2, 0), '  - [-1, 1, Conv, [64, 3, 2]]\n');
    });
    await diagnosticsOf(editor.document.uri, 1);
    assert.equal(code.documents.sourceOf(other), undefined);
    assert.equal(vscode.languages.getDiagnostics(other.uri).length, 0);
    await editor.edit((edit) => {
      edit.replace(new vscode.Range(2, 0, 3, 0), '  - [-1, 1, Conv, [64, 3, 1]]\n');
    });
    await diagnosticsOf(editor.document.uri, 0);
    await eventually('the source', () => code.documents.sourceOf(editor.document));
  });
});
