import * as vscode from 'vscode';
import { readExplainedLayer, type ExplainedLayer } from '../../core/explain/explained-layer';
import { registerGuarded } from '../platform/guarded-command';
import type { Log } from '../platform/log';
import { explainPageType, type ExplainPage } from './explain-page';

/** Registers the Explain page: its command, and what shows it again after VS Code was closed. */
export function registerExplain(page: ExplainPage, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    page,
    vscode.window.registerWebviewPanelSerializer(explainPageType, page),
    registerGuarded('explain', log, (target: unknown) => {
      page.show(layerOf(target));
      return Promise.resolve();
    }),
  );
}

/** What a link, a code action or a row of the tree passes: a layer, or a finding that has one; undefined from the palette. */
function layerOf(target: unknown): ExplainedLayer | undefined {
  return readExplainedLayer(isFinding(target) ? target.finding.explained : target);
}

function isFinding(target: unknown): target is { readonly finding: { readonly explained: unknown } } {
  return typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'finding';
}
