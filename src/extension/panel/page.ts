import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page around `dist/webview.js`: only our own files load, scripts only with this page's nonce, no network. */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const dist = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const policy = [
    "default-src 'none'",
    `img-src ${webview.cspSource} blob: data:`,
    `font-src ${webview.cspSource}`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <link rel="stylesheet" href="${dist('codicon.css')}" id="vscode-codicon-stylesheet" nonce="${nonce}">
  <title>Shiftlint</title>
</head>
<body>
  <shiftlint-app></shiftlint-app>
  <script type="module" nonce="${nonce}" src="${dist('webview.js')}"></script>
</body>
</html>`;
}

/** What the page may load: the bundle and the icons, nothing else of the disk. */
export function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder)),
  };
}
