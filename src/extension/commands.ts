import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { labelText } from './platform/shown-text';
import { registerGuarded } from './platform/guarded-command';
import type { ModelDiscovery } from './models/discovery';
import type { ModelFixer } from './models/fixer';
import { displayPath } from './platform/display-path';
import { pickModelFinding } from './models/pick-finding';
import type { ModelStore } from './models/store';
import type { TreeNode } from './models/tree';
import type { Navigation } from './models/navigation';
import type { ModelRecovery } from './recovery/recovery';
import type { RuleDocumentation } from './platform/rule-documentation';
import { activeModelEditor } from './status';
import type { StudyName } from '../panel-protocol/studies/table';
import type { PanelTab } from '../panel-protocol/tabs';
import { showInformation } from './platform/notices';
import type { Log } from './platform/log';

/** What the commands work on. */
export interface CommandParts {
  readonly store: ModelStore;
  readonly discovery: ModelDiscovery;
  readonly fixer: ModelFixer;
  readonly recovery: ModelRecovery;
  readonly navigation: Navigation;
  readonly documentation: RuleDocumentation;
  readonly log: Log;
}

/** What menus, code actions and tests pass: a row of the tree, a file, or nothing from the palette. */
type Target = TreeNode | vscode.Uri | undefined;

/** Registers the commands about model files. */
export function registerCommands(parts: CommandParts): vscode.Disposable {
  const { store, discovery, fixer, recovery, navigation, documentation, log } = parts;
  const handlers: Readonly<Record<string, (target: Target, layer?: string) => Promise<unknown>>> = {
    lintWorkspace: () => discovery.scan('asked'),
    openModelEditor: async (target) => {
      const uri = await modelOf(target, store);
      if (uri !== undefined) await navigation.openModelEditor(uri);
    },
    showModelFindings: async (target) => {
      const uri = await modelOf(target, store);
      if (uri !== undefined) await pickModelFinding(uri, store, navigation);
    },
    measure: (target) => run(target, 'equivariance', 'equivariance'),
    measureConsistency: (target) => run(target, 'consistency', 'consistency'),
    compareFilters: (target) => run(target, 'compare', 'compare'),
    fixAll: async (target) => {
      const uri = await modelOf(target, store);
      return uri === undefined ? undefined : fixer.fix(uri, 'all');
    },
    fixLayer: async (target, layer) => {
      const uri = await modelOf(target, store);
      const chosen = uri === undefined ? undefined : (layer ?? (await layerOf(target, uri, store)));
      return uri === undefined || chosen === undefined ? undefined : fixer.fix(uri, { layers: [chosen] });
    },
    fixAndRecover: async (target, layer) => {
      const uri = await modelOf(target, store);
      const chosen = layer ?? (isFinding(target) ? target.finding.layer : undefined);
      return uri === undefined ? undefined : recovery.fixAndRecover(uri, chosen === undefined ? 'all' : { layers: [chosen] });
    },
    revealFinding: async (target: Target | string, layer) => {
      if (isFinding(target)) await navigation.revealLayer(target.uri, target.finding.layer);
      else if (typeof target === 'string' && layer !== undefined) await navigation.revealLayer(vscode.Uri.parse(target, true), layer);
    },
    openRuleDocumentation: (target: Target | string) =>
      documentation.open(typeof target === 'string' ? target : isFinding(target) ? target.finding.rule : undefined),
    showOutput: () => {
      log.show();
      return Promise.resolve();
    },
  };
  async function run(target: Target, tab: PanelTab, study: StudyName): Promise<void> {
    const uri = await modelOf(target, store);
    if (uri === undefined) return;
    const panel = await navigation.openModelEditor(uri);
    panel.showTab(tab);
    await panel.start(study);
  }
  const registrations = Object.entries(handlers).map(([name, handler]) =>
    registerGuarded(name, log, (target: Target, layer: unknown) => handler(target, typeof layer === 'string' ? layer : undefined)),
  );
  return vscode.Disposable.from(...registrations);
}

function isFinding(target: unknown): target is Extract<TreeNode, { kind: 'finding' }> {
  return typeof target === 'object' && target !== null && 'kind' in target && target.kind === 'finding';
}

/** The model meant: the argument's, the one in front, the only one, or the one the user picks. */
async function modelOf(target: Target, store: ModelStore): Promise<vscode.Uri | undefined> {
  if (target !== undefined) return target instanceof vscode.Uri ? target : target.uri;
  const front = activeModelEditor() ?? vscode.window.activeTextEditor?.document.uri;
  if (front !== undefined && store.get(front) !== undefined) return front;
  const models = store.all().map(({ uri }) => uri);
  if (models.length <= 1) return models[0];
  const items = models.map((uri) => ({ label: labelText(displayPath(uri)), uri }));
  return (await vscode.window.showQuickPick(items, { title: t`Shiftlint: choose a model` }))?.uri;
}

async function layerOf(target: Target, uri: vscode.Uri, store: ModelStore): Promise<string | undefined> {
  if (isFinding(target)) return target.finding.layer;
  const analysis = await store.refresh(uri);
  const fixable = analysis?.ok === true ? analysis.findings.filter(({ fix }) => fix.ok) : [];
  if (fixable.length === 0) {
    void showInformation(t`${displayPath(uri)} has no layer that Shiftlint can fix.`);
    return undefined;
  }
  const items = fixable.map((finding) => ({
    label: labelText(finding.label),
    description: finding.rule,
    detail: labelText(finding.message),
    layer: finding.layer,
  }));
  return (await vscode.window.showQuickPick(items, { title: t`Shiftlint: choose the layer to fix` }))?.layer;
}
