import { codeLimits } from '../../core/limits';
import type { RuleId } from '../../core/rules/registry';
import type { CodeDocument } from '../document';
import { ownLibrary, type CodeFix, type FixContext, type FixOffer } from '../finding';
import { foreignLibraries } from '../frameworks/registry';
import type { JudgedSite } from '../judge/judge';
import { editsOf } from './change';
import { disablingFixes } from './disable';
import { refuse, workplaceOf, type Draft } from './draft';
import { BlurNames, importsOf } from './imports/blur-names';
import { withLayout } from './layout/layout';
import { draftBlur } from './recipes/recipe';
import { draftSampling } from './recipes/sampling';
import { isStem } from './stem';

const unreadable = 'The syntax tree does not show this call as one expression.';

/** Rules whose findings no blur mends. */
const withoutBlur: ReadonlySet<RuleId> = new Set(['patchify-conv', 'space-to-depth', 'weak-blur']);

const patchesRefusal =
  'The convolution cuts the image into patches: no blur keeps the meaning of its weights. Train it with overlapping patches or a convolutional stem.';

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
function remarkOf({ library }: FixContext): string {
  return foreignLibraries.find(({ name }) => name === library)?.remark ?? '';
}

function namesOf({ syntaxTree, support }: CodeDocument): BlurNames {
  return new BlurNames(syntaxTree.rootNode, support.family === 'python');
}

function draft(document: CodeDocument, judged: JudgedSite, context: FixContext, names: BlurNames): Draft {
  const { builtAt, callee } = judged.site;
  if (builtAt !== null)
    return refuse(
      `${callee} is called in ${builtAt.file}, line ${builtAt.start.line}: give the layer its blur there, behind its activation.`,
    );
  if (judged.finding.rule === 'patchify-conv') return refuse(patchesRefusal);
  const sampling = draftSampling(document, judged, context, names);
  if (sampling !== null) return sampling;
  const work = workplaceOf(document, judged, context, names);
  return work === null ? refuse(unreadable) : draftBlur(work);
}

function blurFix(
  document: CodeDocument,
  { title, changes, names, template }: Draft & { ok: true },
  { specifiers, isAtRoot }: FixContext,
): readonly CodeFix[] {
  const file = { root: document.syntaxTree.rootNode, source: document.text, isPython: document.support.family === 'python' };
  const isOwnModule = (module: string) => isAtRoot === true && Object.values(specifiers).includes(module);
  const edits = editsOf([...changes, ...importsOf(names, file, isOwnModule)]);
  if (edits === null) return [];
  return [{ kind: 'blur', title, edits: file.isPython ? withLayout(file.source, edits) : edits, template }];
}

/** Every fix of a document as one, stems left out; null where there is none. */
export function fixAll(document: CodeDocument, judged: readonly JudgedSite[], context: FixContext): CodeFix | null {
  const names = namesOf(document);
  const blurrable = judged.filter(({ finding: { rule } }) => !withoutBlur.has(rule));
  const first = blurrable.slice(0, codeLimits.fixes);
  const stems = first.filter((one) => {
    const work = workplaceOf(document, one, context, names);
    return work !== null && isStem(work);
  });
  const drafts = first
    .filter((one) => !stems.includes(one))
    .map((one) => draft(document, one, context, names))
    .filter((one) => one.ok);
  // One module serves a file; what needs another one waits for the next time.
  const template = drafts.find((one) => one.template !== null)?.template ?? null;
  const together: (Draft & { ok: true })[] = [];
  for (const one of drafts) {
    const fits = one.template === null || one.template === template;
    if (fits && editsOf([...together, one].flatMap(({ changes }) => changes)) !== null) together.push(one);
  }
  if (together.length === 0) return null;
  const places = together.length === 1 ? '1 place' : `${together.length} places`;
  const isPart = blurrable.length > codeLimits.fixes;
  const remarks = `${stems.length === 0 ? '' : ' (stem left out)'}${isPart ? ` (of the first ${codeLimits.fixes} layers)` : ''}`;
  const licence = together.some((one) => one.template === null) ? remarkOf(context) : '';
  const title = `Insert BlurPool in ${places} (${context.filter.label})${remarks}${licence}`;
  const merged = {
    ok: true as const,
    title,
    changes: together.flatMap(({ changes }) => changes),
    names: together.flatMap(({ names }) => names),
    template,
  };
  return blurFix(document, merged, context)[0] ?? null;
}
