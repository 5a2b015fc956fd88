import { t } from '@vscode/l10n';
import type { CodeDocument } from '../document';
import type { CodeFix, FixContext, FixPart } from '../finding';
import { togetherOf } from './change';
import type { Draft } from './draft';
import { importChanges } from './fix';

/** A fix that is not yet edits, and where its layer stands. */
export type PlacedDraft = Draft & { ok: true; readonly offset: number };

/** What of a fix made of many a user may take or leave: each of them, and what all of them import. */
export function partsOf(
  document: CodeDocument,
  { edits: all }: CodeFix,
  drafts: readonly PlacedDraft[],
  context: FixContext,
): readonly FixPart[] {
  const names = drafts.flatMap((one) => one.names);
  const imports = importChanges(document, names, context);
  const groups = [...drafts.map(({ changes }) => changes), ...(imports.length === 0 ? [] : [imports])];
  const importing = t`Import ${[...new Set(names.map(({ exported }) => exported))].join(', ')}`;
  return togetherOf(groups, all).map(({ groups: members, edits }) => ({
    edits,
    does: members.map((member) => {
      const one = drafts[member];
      return one === undefined ? { title: importing, offset: null } : { title: one.title, offset: one.offset };
    }),
  }));
}
