import type * as vscode from 'vscode';

/** Only the file name `*.onnx` claims a format; a `.json` may be anything and stays silent. */
export function claimsOnnx(uri: vscode.Uri): boolean {
  return uri.path.toLowerCase().endsWith('.onnx');
}
