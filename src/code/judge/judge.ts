import { t } from '@vscode/l10n';
import { type RuleId, rules } from '../../core/rules/registry';
import type { Rule } from '../../core/rules/rule';
import { tooEarly, tooNarrow } from '../../core/rules/weak-blur';
import { strideText } from '../../core/rules/wording';
import type { Role } from '../frameworks/callable';
import type { LayerSite, NeededArgument, StrideCase } from '../evaluate/sites/site';
import type { CodeFinding, RelatedPlace } from '../finding';
import type { CodeLintOptions } from '../protocol';

/** A finding with the call it is about, for the fixes. */
export interface JudgedSite {
  readonly finding: CodeFinding;
  readonly site: LayerSite;
}

/** Judges every window layer of a program. Findings come in the order of the source, at most one a call. */
export function judge(sites: readonly LayerSite[], options: CodeLintOptions): readonly JudgedSite[] {
  return joined(
    sites.flatMap((site) => {
      // One finding speaks for all slices that together keep every sample; pairs along one axis are features more often than places.
      if (site.rearranges !== null && (site.rearranges !== site || site.callable.dimensions === 1)) return [];
      const flagged = plainest(site.cases.filter(({ stride }) => stride.some((step) => step !== null && step > 1)));
      const worst = flagged.reduce<StrideCase | undefined>(
        (best, one) => (best === undefined || steps(one) > steps(best) ? one : best),
        undefined,
      );
      const open = site.callable.role === 'blur' ? undefined : site.cases.find(({ stride }) => stride.includes(null));
      const found = worst ?? open;
      if (found === undefined || (worst !== undefined && isHarmless(site, worst))) return [];
      const rule = worst === undefined ? rules['dynamic-stride'] : rules[ruleOf(site, worst)];
      const severity = options.severities?.[rule.id] ?? rule.defaultSeverity;
      if (severity === 'off') return [];
      return [
        {
          site,
          finding: {
            severity,
            related: relatedPlaces(site, flagged),
            builtAt: site.builtAt === null ? [] : [site.builtAt],
            ...describe(rule, site, found),
          },
        },
      ];
    }),
  );
}

/** A call that brings the stride to several layers of another file has one finding a rule, with a place for each of them. */
function joined(judged: readonly JudgedSite[]): readonly JudgedSite[] {
  if (judged.every(({ site }) => site.builtAt === null)) return judged;
  const first = new Map<string, JudgedSite>();
  for (const one of judged) {
    const { rule, range, related, builtAt } = one.finding;
    const key = `${rule}:${range.start}:${range.end}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, one);
    else first.set(key, { ...known, finding: { ...known.finding, ...united(known.finding, { related, builtAt }) } });
  }
  return [...first.values()];
}

type Places = Pick<CodeFinding, 'related' | 'builtAt'>;

function united(a: Places, b: Places): Places {
  return { related: [...a.related, ...b.related], builtAt: [...a.builtAt, ...b.builtAt] };
}

/** Ways that the file itself goes, where there are some. */
function plainest(cases: readonly StrideCase[]): readonly StrideCase[] {
  const own = cases.filter(({ onlyWith }) => onlyWith.length === 0);
  return own.length > 0 ? own : cases;
}

/** Samples that are merged into one; the largest stride explains the finding. */
function steps({ stride }: StrideCase): number {
  return stride.reduce<number>((product, step) => product * (step ?? 1), 1);
}

/**
 * A linear layer behind a low-pass filter is protected by it, and an average over the whole map leaves nothing to alias: a
 * pool whose output is flattened and that takes at least 4x4 samples without overlap is one.
 */
function isHarmless(site: LayerSite, { stride }: StrideCase): boolean {
  const { role } = site.callable;
  if (role === 'blur') return weaknessOf(site, stride) === null;
  const isLinear = linearRoles.has(role) || (role === 'convolution' && isPointwise(site));
  if (isLinear && site.afterBlur === true) return true;
  return (
    role === 'average-pool' &&
    site.flattened &&
    site.kernel.every((length, axis) => length !== null && length >= 4 && length === stride[axis])
  );
}

function isPointwise({ kernel }: LayerSite): boolean {
  return kernel.length > 0 && kernel.every((length) => length === 1);
}

const linearRoles: ReadonlySet<Role> = new Set(['average-pool', 'subsample', 'resize']);

/** What a blur that subsamples lacks; null where nothing. */
function weaknessOf({ kernel, precedesActivation }: LayerSite, stride: StrideCase['stride']): string | null {
  const axis = kernel.findIndex((length, at) => length !== null && length < (stride[at] ?? 1));
  if (axis >= 0) return tooNarrow(kernel[axis] ?? 1, stride);
  return precedesActivation ? tooEarly() : null;
}

function ruleOf(site: LayerSite, { stride }: StrideCase): RuleId {
  const { role } = site.callable;
  const covers = site.kernel.length > 0 && site.kernel.every((length, axis) => length !== null && length >= (stride[axis] ?? 1));
  if (role === 'blur') return 'weak-blur';
  if (role === 'space-to-depth' || site.rearranges !== null) return 'space-to-depth';
  if (role === 'resize') return covers ? 'strided-avg-pool' : 'strided-subsample';
  // Windows side by side keep every sample, in other places.
  if (role === 'subsample') return site.kernel.length > 0 && site.kernel.join() === stride.join() ? 'space-to-depth' : 'strided-subsample';
  if (role !== 'convolution' && isPointwise(site)) return 'strided-subsample';
  if (role === 'convolution' && isPatchify(site, stride)) return 'patchify-conv';
  switch (role) {
    case 'max-pool':
      return 'strided-max-pool';
    case 'average-pool':
      return 'strided-avg-pool';
    default:
      return isPointwise(site) ? 'strided-pointwise-conv' : 'strided-conv';
  }
}

/** Patches that do not overlap: kernel = stride >= 4 on an image's axes. */
function isPatchify({ kernel }: LayerSite, stride: StrideCase['stride']): boolean {
  return stride.length > 1 && stride.every((step, axis) => step !== null && step >= 4 && kernel[axis] === step);
}

function describe(
  rule: Rule<RuleId>,
  site: LayerSite,
  { stride, onlyWith }: StrideCase,
): Omit<CodeFinding, 'severity' | 'related' | 'builtAt'> {
  const { kernel, callee, framework, range } = site;
  const message = [
    rule.message({ title: titleOf(site), kernel, stride, ...detailOf(rule.id, site, stride) }),
    ...(onlyWith.length === 0 ? [] : [t`Only a call with ${argumentsText(onlyWith)} leads here.`]),
    ...(site.builtAt?.isOutside === true
      ? [t`The layer is built in ${site.builtAt.file}, outside of the workspace, where nothing is changed.`]
      : []),
  ];
  return { rule: rule.id, message: message.join(' '), range, framework, callee, stride, kernel };
}

/** What a rule adds to its message. */
function detailOf(rule: RuleId, site: LayerSite, stride: StrideCase['stride']): { readonly detail?: string } {
  if (rule === 'weak-blur') return { detail: weaknessOf(site, stride) ?? '' };
  if (rule === 'strided-subsample' && site.callable.role === 'subsample' && !isPointwise(site))
    return { detail: t('takes its windows at one') };
  if (rule !== 'strided-subsample' || site.callable.role !== 'resize') return {};
  const [seen] = site.kernel;
  return { detail: seen === null || seen === undefined ? t('keeps few') : seen > 1 ? t`looks at ${seen}` : t('keeps one') };
}

/** The layer as written, with the file that builds it where that is another one. */
function titleOf({ callee, builtAt }: LayerSite): string {
  return builtAt === null ? callee : t`${callee} of ${builtAt.file.slice(builtAt.file.lastIndexOf('/') + 1)}`;
}

function argumentsText(needed: readonly NeededArgument[]): string {
  return needed.map(({ parameter, value }) => (value === null ? t`${parameter} given` : `${parameter}=${value}`)).join(t(' and '));
}

function relatedPlaces(site: LayerSite, flagged: readonly StrideCase[]): readonly RelatedPlace[] {
  const { builtAt, callee, range } = site;
  const built = builtAt === null ? [] : [{ range, message: t`The layer is built here, by ${callee}.`, elsewhere: builtAt }];
  const passed = flagged.flatMap(({ givenBy, writtenAt, stride, onlyWith }) => [
    ...(writtenAt === undefined ? [] : [{ range, message: t`The stride of ${strideText(stride)} is written here.`, elsewhere: writtenAt }]),
    ...(givenBy === null ? [] : [{ range: givenBy, message: t`This call passes stride ${strideText(stride)} to ${site.callee}.` }]),
    ...onlyWith.map((needed) => ({
      range: needed.range,
      message: t`Only another argument than this default leads there: ${argumentsText([needed])}.`,
    })),
  ]);
  return [...built, ...passed];
}
