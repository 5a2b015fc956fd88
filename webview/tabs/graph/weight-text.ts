import { t } from '@vscode/l10n';
import type { WeightFacts } from '../../../src/panel-protocol/network';
import { percentText } from '../../../src/panel-protocol/core/figure-text';

/** A weight's figures, each with its name. */
export function weightFigures({ statistics }: WeightFacts): readonly (readonly [name: string, text: string])[] {
  if (statistics === null) return [[t`Values`, t`none that is a finite number`]];
  const { min, max, mean, deviation, zeros, notFinite } = statistics;
  return [
    [t`Minimum`, numberText(min)],
    [t`Maximum`, numberText(max)],
    [t`Mean`, numberText(mean)],
    [t`Standard deviation`, numberText(deviation)],
    [t`Zeros`, percentText(zeros)],
    ...(notFinite === 0 ? [] : [[t`Not finite`, `${notFinite}`] as const]),
  ];
}

/** What a weight is, and how much of it was looked at. */
export function weightHeading({ name, shape, count, seen }: WeightFacts): string {
  const size = shape.length === 0 ? t`one number` : shape.join(' × ');
  const part = seen < count ? [t`from ${seen.toLocaleString('en')} of ${count.toLocaleString('en')} values`] : [];
  return [name, size, ...part].join(' · ');
}

/** Three digits that count, whatever the size. */
export function numberText(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5 ? `${Number(value.toPrecision(3))}` : value.toExponential(2);
}
