import * as vscode from 'vscode';

/** How many times longer than usual everything is waited for: more on a machine that is busy with other things. */
export const patience = Number(process.env['SHIFTLINT_PATIENCE'] ?? 1);

/**
 * Resolves with what `read` answers as soon as that is not undefined; asks again after every event and, for states that
 * have no event, a few times a second. Fails with `what` in the message.
 */
export async function eventually<T>(what: string, read: () => T | undefined | Promise<T | undefined>, timeoutMs = 15_000): Promise<T> {
  const deadline = Date.now() + timeoutMs * patience;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs * patience} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Our diagnostics of a file once there are `count` of them. */
export function diagnosticsOf(uri: vscode.Uri, count: number): Promise<readonly vscode.Diagnostic[]> {
  return eventually(`${count} diagnostics on ${uri.path}`, () => {
    const found = shiftlintDiagnostics(uri);
    return found.length === count ? found : undefined;
  });
}

export function shiftlintDiagnostics(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'shiftlint');
}

/** `strided-max-pool` of a diagnostic, whether or not it links to a page. */
export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/**
 * Applies the first code action of a kind at the selection, as the lightbulb does, and answers with the text that this
 * makes. The command asks whatever editor has the focus, which a busy window may give late, so it is asked again.
 */
export async function applyFirst(document: vscode.TextDocument, kind: string): Promise<string> {
  const before = document.getText();
  return eventually('the fix', async () => {
    await vscode.commands.executeCommand('editor.action.codeAction', { kind, apply: 'first' });
    const text = eventually('the change', () => (document.getText() === before ? undefined : document.getText()), 3_000);
    return text.catch(() => undefined);
  });
}
