import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { FixtureFolder } from './fixture-folder';

/** A small network in PyTorch: a pool and a strided convolution to find, a stem that only "fix all" leaves out. */
export const torchNet = `import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ReLU(),
        )

    def forward(self, x):
        return self.features(x)
`;

/** A pool to find, in Keras. */
export const kerasNet = `import keras
from keras import layers

net = keras.Sequential([layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(2), layers.Dense(10)])
`;

/** The same layers in TensorFlow.js. */
export const tfjsNet = `import * as tf from '@tensorflow/tfjs';

export const net = tf.sequential();
net.add(tf.layers.conv2d({ inputShape: [32, 32, 3], filters: 16, kernelSize: 3, activation: 'relu' }));
net.add(tf.layers.maxPooling2d({ poolSize: 2 }));
`;

/** Shows a file that is written for the test. */
export async function show(folder: FixtureFolder, name: string, text: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await folder.write(name, text));
}

/** Puts the cursor on the first place where a text stands. */
export function moveTo(editor: vscode.TextEditor, text: string): vscode.Position {
  const position = positionOf(editor.document, text);
  editor.selection = new vscode.Selection(position, position);
  return position;
}

export function positionOf(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `${text} stands in the document`);
  return document.positionAt(offset);
}

/** Asks the editor for the quick fixes at the first place where a text stands. */
export function actionsAt(
  document: vscode.TextDocument,
  text: string,
  kind = vscode.CodeActionKind.QuickFix,
): Thenable<readonly vscode.CodeAction[]> {
  const at = positionOf(document, text);
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, new vscode.Range(at, at), kind.value);
}

/** Closes all editors without a question about unsaved changes. */
export async function closeWithoutSaving(): Promise<void> {
  while (vscode.window.tabGroups.activeTabGroup.activeTab !== undefined) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}
