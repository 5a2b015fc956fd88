import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { textLanguage, translations } from './translations';

/** A page of ours: its script in `dist`, and the element that the script defines. */
interface Page {
  readonly script: string;
  readonly element: string;
}

/** The page of the model editor. */
export const modelPage: Page = { script: 'webview.js', element: 'shiftlint-app' };

/** The page that explains aliasing on a signal. */
export const explainPage: Page = { script: 'explain.js', element: 'shiftlint-explain' };

/** The HTML around a page's script: only our own files load, scripts only with this page's nonce, no network. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, { script, element }: Page): string {
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
<html lang="${textLanguage()}">
<head>
  <meta charset="UTF-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <link rel="stylesheet" href="${dist('codicon.css')}" id="vscode-codicon-stylesheet" nonce="${nonce}">
  <style nonce="${nonce}">body { background: var(--vscode-editor-background); }</style>
  <title>Shiftlint</title>
</head>
<body>
${translationsElement()}  <${element}></${element}>
  <script type="module" nonce="${nonce}" src="${dist(script)}"></script>
</body>
</html>`;
}

/** Translations as data that the page reads before it shows a text; what is no script needs no nonce. */
function translationsElement(): string {
  const texts = translations();
  if (texts === undefined) return '';
  return `  <script type="application/json" id="translations">${JSON.stringify(texts).replaceAll('<', '\\u003c')}</script>\n`;
}

/** What a page may load: the bundles and the icons, nothing else of the disk. */
export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder)),
  };
}
