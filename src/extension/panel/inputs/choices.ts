import { parsePreprocessing } from '../../../core/input/preprocessing';
import { blurFilterNames, type BlurFilterName } from '../../../core/rewrite/filters';
import { isBlurPadding } from '../../../core/rewrite/plan';
import { comparedFilters } from '../../../engine/host/studies/compare';
import type { StudyChoices } from '../../../panel-protocol/inputs';

/** What a model that nobody has measured yet starts with. */
export const defaultChoices: StudyChoices = {
  metric: 'flat',
  preprocessing: null,
  size: null,
  fixFilter: null,
  fixBorder: null,
  protocol: 'circular',
  pattern: 'grid',
  largest: null,
  step: null,
  pairs: 10,
  seed: 0,
  filters: comparedFilters,
  recover: false,
  within: 10,
};

const largestSide = 8192;

/** Choices out of what the editor kept or the page sent; whatever is missing or senseless takes its value from `before`. */
export function choicesFrom(kept: unknown, before: StudyChoices = defaultChoices): StudyChoices {
  const values: Readonly<Partial<Record<keyof StudyChoices, unknown>>> = typeof kept === 'object' && kept !== null ? kept : {};
  const choice = <Choice extends string>(value: unknown, choices: readonly Choice[], fallback: Choice): Choice =>
    choices.find((candidate) => candidate === value) ?? fallback;
  const whole = (value: unknown, least: number, most: number, fallback: number): number =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most ? Number(value) : fallback;
  const optional = (value: unknown, least: number, fallback: number | null): number | null =>
    value === null ? null : whole(value, least, largestSide, fallback ?? Number.NaN) || fallback;
  const { preprocessing, size, filters, fixFilter, fixBorder } = values;
  return {
    metric: choice(values.metric, ['flat', 'channel'], before.metric),
    preprocessing:
      preprocessing === null || (typeof preprocessing === 'string' && parsePreprocessing(preprocessing) !== undefined)
        ? preprocessing
        : before.preprocessing,
    size: size === null || isSize(size) ? size : before.size,
    fixFilter: fixFilter === null || isFilter(fixFilter) ? fixFilter : before.fixFilter,
    fixBorder: fixBorder === null || isBlurPadding(fixBorder) ? fixBorder : before.fixBorder,
    protocol: choice(values.protocol, ['circular', 'deployed'], before.protocol),
    pattern: choice(values.pattern, ['grid', 'diagonal'], before.pattern),
    largest: optional(values.largest, 1, before.largest),
    step: optional(values.step, 1, before.step),
    pairs: whole(values.pairs, 1, 10_000, before.pairs),
    seed: whole(values.seed, 0, 2 ** 31 - 1, before.seed),
    filters: Array.isArray(filters) && filters.length > 0 ? blurFilterNames.filter((name) => filters.includes(name)) : before.filters,
    recover: typeof values.recover === 'boolean' ? values.recover : before.recover,
    within: typeof values.within === 'number' && values.within >= 0 && values.within <= 1000 ? values.within : before.within,
  };
}

function isFilter(value: unknown): value is BlurFilterName {
  return (blurFilterNames as readonly unknown[]).includes(value);
}

function isSize(value: unknown): value is StudyChoices['size'] & object {
  return (
    Array.isArray(value) && value.length === 2 && value.every((length) => Number.isInteger(length) && length > 0 && length <= largestSide)
  );
}
