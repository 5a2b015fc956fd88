import type { WeightFacts } from '../../../src/panel-protocol/network';
import { percentText } from '../../../src/panel-protocol/core/figure-text';

/** A weight's figures, each with its name. */
export function weightFigures({ statistics }: WeightFacts): readonly (readonly [name: string, text: string])[] {
  if (statistics === null) return [['Values', 'none that is a finite number']];
  const { min, max, mean, deviation, zeros, notFinite } = statistics;
  return [
    ['Minimum', numberText(min)],
    ['Maximum', numberText(max)],
    ['Mean', numberText(mean)],
    ['Standard deviation', numberText(deviation)],
    ['Zeros', percentText(zeros)],
    ...(notFinite === 0 ? [] : [['Not finite', `${notFinite}`] as const]),
  ];
}

/** What a weight is, and how much of it was looked at. */
export function weightHeading({ name, shape, count, seen }: WeightFacts): string {
  const size = shape.length === 0 ? 'one number' : shape.join(' × ');
  return `${name} · ${size}${seen < count ? ` · from ${seen.toLocaleString('en')} of ${count.toLocaleString('en')} values` : ''}`;
}

/** Three digits that count, whatever the size. */
export function numberText(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5 ? `${Number(value.toPrecision(3))}` : value.toExponential(2);
}
