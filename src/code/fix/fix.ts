import { t } from '@vscode/l10n';
import { codeLimits } from '../../core/limits';
import type { CodeDocument } from '../document';
import { ownLibrary, type CodeFix, type FixContext, type FixOffer } from '../finding';
import { foreignLibraries } from '../frameworks/registry';
import type { JudgedSite } from '../judge/judge';
import { editsOf, type Change } from './change';
import { disablingFixes } from './disable';
import { refuse, workplaceOf, type Draft } from './draft';
import type { BlurName } from './imports/blur-name';
import { BlurNames, importsOf } from './imports/blur-names';
import { withLayout } from './layout/layout';
import { draftBlur } from './recipes/recipe';
import { draftSampling } from './recipes/sampling';

const unreadable = t('The syntax tree does not show this call as one expression.');

const patchesRefusal = t(
  'The convolution cuts the image into patches: no blur keeps the meaning of its weights. Train it with overlapping patches or a convolutional stem.',
);

/** What can be done about one finding. */
export function offersFor(document: CodeDocument, judged: JudgedSite, context: FixContext): FixOffer {
  const drafts = draftsFor(document, judged, context);
  const fixes = drafts.flatMap((draft) => (draft.ok ? blurFix(document, draft, context) : []));
  const [refused] = drafts.flatMap((draft) => (draft.ok ? [] : [draft.reason]));
  const root = document.syntaxTree.rootNode;
  const place = { root, source: document.text, isPython: document.support.family === 'python', offset: judged.finding.range.start };
  return { fixes: [...fixes, ...disablingFixes(place, judged.finding.rule)], refusal: fixes.length > 0 ? null : (refused ?? unreadable) };
}

/** The fix by the library that was chosen; also by our own module where that library adds to the checkpoint or forbids some uses. */
function draftsFor(document: CodeDocument, judged: JudgedSite, context: FixContext): readonly Draft[] {
  const names = namesOf(document);
  const drafts = [draft(document, judged, context, names)];
  if (remarkOf(context) !== '') drafts.push(draft(document, judged, { ...context, library: ownLibrary }, names));
  const titles = drafts.map((one) => (one.ok ? one.title : ''));
  return drafts.filter((_, index) => titles.indexOf(titles[index] ?? '') === index);
}

/** What a title has to say about a fix by the chosen library. */
export function remarkOf({ library }: FixContext): string {
  return foreignLibraries.find(({ name }) => name === library)?.remark ?? '';
}

/** The names that fixes of a document import. */
export function namesOf({ syntaxTree, support }: CodeDocument): BlurNames {
  return new BlurNames(syntaxTree.rootNode, support.family === 'python');
}

/** The blur for a finding, or why there is none. */
export function draft(document: CodeDocument, judged: JudgedSite, context: FixContext, names: BlurNames): Draft {
  const { builtAt, callee } = judged.site;
  if (builtAt?.isOutside === true)
    return refuse(t`${callee} is called in ${builtAt.file}, line ${builtAt.start.line}, outside of the workspace: no fix is made there.`);
  if (builtAt !== null)
    return refuse(
      t`${callee} is called in ${builtAt.file}, line ${builtAt.start.line}: give the layer its blur there, behind its activation.`,
    );
  if (judged.finding.rule === 'patchify-conv') return refuse(patchesRefusal);
  const sampling = draftSampling(document, judged, context, names);
  if (sampling !== null) return sampling;
  const work = workplaceOf(document, judged, context, names);
  return work === null ? refuse(unreadable) : draftBlur(work);
}

/** The fix that makes a draft's changes and imports its names; none where they change one place twice. */
export function blurFix(
  document: CodeDocument,
  { title, changes, names, template }: Draft & { ok: true },
  context: FixContext,
): readonly CodeFix[] {
  const edits = editsOf([...changes, ...importChanges(document, names, context)]);
  if (edits === null) return [];
  const isPython = document.support.family === 'python';
  return [{ kind: 'blur', title, edits: isPython ? withLayout(document.text, edits) : edits, template }];
}

/** What imports the names that a fix writes. */
export function importChanges(document: CodeDocument, names: readonly BlurName[], { specifiers, isAtRoot }: FixContext): readonly Change[] {
  const file = { root: document.syntaxTree.rootNode, source: document.text, isPython: document.support.family === 'python' };
  const isOwnModule = (module: string) => isAtRoot === true && Object.values(specifiers).includes(module);
  return importsOf(names, file, isOwnModule);
}

/** How many of the first findings have a fix that inserts a blur. */
export function fixableCount(document: CodeDocument, judged: readonly JudgedSite[], context: FixContext): number {
  const names = namesOf(document);
  return judged.slice(0, codeLimits.fixes).filter((one) => draft(document, one, context, names).ok).length;
}
