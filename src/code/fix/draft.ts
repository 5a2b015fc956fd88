import type { Node } from 'web-tree-sitter';
import type { CodeDocument } from '../document';
import type { DocumentEvaluation } from '../evaluate/evaluate-with-imports';
import type { LayerSite } from '../evaluate/sites/site';
import type { CodeFinding, FixContext } from '../finding';
import type { JudgedSite } from '../judge/judge';
import type { Change } from './change';
import type { BlurName } from './imports/blur-name';
import type { BlurNames } from './imports/blur-names';
import { callAt, type CallSyntax } from './syntax/calls';

/** One flagged call in its document, and what the workspace offers. */
export interface Workplace {
  readonly root: Node;
  readonly source: string;
  readonly isPython: boolean;
  readonly evaluation: DocumentEvaluation;
  readonly finding: CodeFinding;
  readonly site: LayerSite;
  readonly call: CallSyntax;
  readonly context: FixContext;
  readonly names: BlurNames;
}

/** A blur fix that is not yet edits, or why there is none, as a full sentence. */
export type Draft =
  | {
      readonly ok: true;
      readonly title: string;
      readonly changes: readonly Change[];
      readonly names: readonly BlurName[];
      /** Our module that the changed program imports; null where it uses a library. */
      readonly template: string | null;
    }
  | { readonly ok: false; readonly reason: string };

export function refuse(reason: string): Draft {
  return { ok: false, reason };
}

/** The flagged call as syntax; null where the tree does not show one, or another file builds the layer. */
export function workplaceOf(
  document: CodeDocument,
  { finding, site }: JudgedSite,
  context: FixContext,
  names: BlurNames,
): Workplace | null {
  if (site.builtAt !== null) return null;
  const root = document.syntaxTree.rootNode;
  const call = callAt(root, site.range);
  if (call === null) return null;
  const isPython = document.support.family === 'python';
  return { root, source: document.text, isPython, evaluation: document.evaluate(), finding, site, call, context, names };
}

/** A name of our own module. @throws Error where the workspace was not asked how that is imported */
export function ownName(work: Workplace, template: string, exported: string): BlurName {
  const specifier = work.context.specifiers[template];
  if (specifier === undefined) throw new Error(`How the document imports ${template} is not known.`);
  return work.names.from(specifier, exported);
}
