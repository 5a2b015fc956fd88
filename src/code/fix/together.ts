import { t } from '@vscode/l10n';
import { codeLimits } from '../../core/limits';
import type { RuleId } from '../../core/rules/registry';
import type { CodeDocument } from '../document';
import { ownLibrary, type FixContext, type FixedTogether, type FixOutcome } from '../finding';
import type { JudgedSite } from '../judge/judge';
import { editsOf } from './change';
import { refuse, workplaceOf, type Draft } from './draft';
import { blurFix, draft, namesOf, remarkOf } from './fix';
import { partsOf } from './parts';
import { isStem } from './stem';

/** Rules whose findings no blur mends. */
const withoutBlur: ReadonlySet<RuleId> = new Set(['patchify-conv', 'space-to-depth', 'weak-blur']);

const stemReason = t(
  'It runs on the image itself (a stem), where a blur works at full resolution, so it is left out unless it is asked for (--stem).',
);
const laterReason = t('It waits for the next time: other fixes change the same place, need another module, or are too many for one time.');

/** What is fixed together besides what was found. */
export interface TogetherOptions {
  /** Convolutions that run on the image itself too. */
  readonly withStems?: boolean;
  /** Layers that other files call with a stride. */
  readonly asked?: readonly JudgedSite[];
}

interface Tried {
  readonly one: JudgedSite;
  readonly draft: Draft;
  readonly isStem: boolean;
  readonly isLate: boolean;
}

/** Every fix of a document as one, and what becomes of each finding. */
export function fixTogether(
  document: CodeDocument,
  judged: readonly JudgedSite[],
  context: FixContext,
  { withStems = false, asked = [] }: TogetherOptions = {},
): FixedTogether {
  const all = [...asked, ...judged];
  const names = namesOf(document);
  const blurrable = all.filter(({ finding: { rule } }) => !withoutBlur.has(rule));
  const late = new Set(blurrable.slice(codeLimits.fixes));
  const tried = all.map((one): Tried => {
    const isLate = late.has(one);
    const work = isLate || withStems || withoutBlur.has(one.finding.rule) ? null : workplaceOf(document, one, context, names);
    const stem = work !== null && isStem(work);
    const own = asked.includes(one) && !knowsStride(one) ? { ...context, library: ownLibrary } : context;
    return {
      one,
      isLate,
      isStem: stem,
      draft: stem || isLate ? refuse(stem ? stemReason : laterReason) : draft(document, one, own, names),
    };
  });
  const chosen = compatible(tried);
  const merged = mergedOf(chosen, tried, context);
  const whole = merged === null ? undefined : blurFix(document, merged, context)[0];
  const placed = Array.from(chosen, ([{ one }, own]) => ({ ...own, offset: one.finding.range.start }));
  const fix = whole === undefined ? null : { ...whole, parts: partsOf(document, whole, placed, context) };
  return { fix, outcomes: tried.map((one) => outcomeOf(one, fix !== null && chosen.has(one))) };
}

/** A layer of which the document itself shows no stride but 1 is not to be taken for one that never has another. */
function knowsStride({ site }: JudgedSite): boolean {
  return site.cases.some(({ stride }) => stride.some((step) => step !== 1));
}

/** One module serves a file, and no two fixes change one place. */
function compatible(tried: readonly Tried[]): ReadonlyMap<Tried, Draft & { ok: true }> {
  const drafts = tried.flatMap((one) => (one.draft.ok ? [[one, one.draft] as const] : []));
  const template = drafts.find(([, { template: own }]) => own !== null)?.[1].template ?? null;
  const chosen = new Map<Tried, Draft & { ok: true }>();
  for (const [one, own] of drafts) {
    const fits = own.template === null || own.template === template;
    if (fits && editsOf([...chosen.values(), own].flatMap(({ changes }) => changes)) !== null) chosen.set(one, own);
  }
  return chosen;
}

function mergedOf(chosen: ReadonlyMap<Tried, Draft & { ok: true }>, tried: readonly Tried[], context: FixContext) {
  const together = [...chosen.values()];
  if (together.length === 0) return null;
  const { label } = context.filter;
  const isPart = tried.some(({ isLate }) => isLate);
  const hasStem = tried.some((one) => one.isStem);
  const remarks = `${hasStem ? t(' (stem left out)') : ''}${isPart ? t` (of the first ${codeLimits.fixes} layers)` : ''}`;
  const licence = together.some(({ template }) => template === null) ? remarkOf(context) : '';
  const insert =
    together.length === 1 ? t`Insert BlurPool in 1 place (${label})` : t`Insert BlurPool in ${together.length} places (${label})`;
  return {
    ok: true as const,
    title: `${insert}${remarks}${licence}`,
    changes: together.flatMap(({ changes }) => changes),
    names: together.flatMap(({ names }) => names),
    template: together.find(({ template }) => template !== null)?.template ?? null,
  };
}

function outcomeOf({ one: { finding }, draft: own }: Tried, isFixed: boolean): FixOutcome {
  if (!own.ok) return { finding, ok: false, reason: own.reason };
  return isFixed ? { finding, ok: true, title: own.title } : { finding, ok: false, reason: laterReason };
}
