import { t } from '@vscode/l10n';
import { blurFilter, blurFilterNames } from '../../src/panel-protocol/core/filters';
import { agreementAt, equivarianceByShift, type DenseStep, type ExplainedLayer } from '../../src/panel-protocol/core/explain';
import { sentences } from '../app/sentences';
import type { ExplainState } from './state';

/** What each dense step is called where one is chosen. */
export const stepNames: Readonly<Record<DenseStep, string>> = {
  maximum: t`Maximum (max-pool)`,
  average: t`Average (average-pool)`,
  convolution: t`Convolution and ReLU (finds rising edges)`,
  nothing: t`Nothing (samples are only dropped)`,
};

/** The first step as the head of its row. */
export function denseText({ step, kernel }: ExplainedLayer): string {
  const names: Readonly<Record<DenseStep, string>> = {
    maximum: t`maximum of ${kernel}`,
    average: t`average of ${kernel}`,
    convolution: kernel === 1 ? t`convolution 1, ReLU` : t`edges over ${kernel}, ReLU`,
    nothing: t`as it is`,
  };
  return names[step];
}

/** `[1 2 1] / 4`. */
export function tapsText({ filter }: ExplainedLayer): string {
  const { taps } = blurFilter(filter);
  const sum = 2 ** (taps.length - 1);
  return `[${taps.map((tap) => tap * sum).join(' ')}] / ${sum}`;
}

/** Which samples are kept: `every sample`, `every 2nd sample`. */
export function keptText({ stride }: Pick<ExplainedLayer, 'stride'>): string {
  if (stride === 1) return t`every sample`;
  if (stride === 2) return t`every 2nd sample`;
  return stride === 3 ? t`every 3rd sample` : t`every ${stride}th sample`;
}

/** What the page is about, in one paragraph. */
export function introduction({ layer, asked }: ExplainState): string {
  const filtered =
    layer.filter === 'identity'
      ? t`The sampling theorem asks for a low-pass filter between the two; this layer has none.`
      : t`Between the two stands the low-pass filter ${blurFilter(layer.filter).label}, as a fix puts it there.`;
  return sentences(
    t`A layer with a stride does two things at once: it computes at every position, then it keeps ${keptText(layer)}.`,
    filtered,
    asked.stride > layer.stride ? t`The layer's own stride is ${asked.stride}; it is drawn with ${layer.stride}.` : '',
  );
}

/** One of the definitions, and whether it holds here. */
export interface Verdict {
  readonly title: string;
  readonly formula: string;
  readonly holds: boolean;
  /** Full sentences. */
  readonly text: string;
}

/** Both definitions at the chosen shift, and the periodic one over all shifts. */
export function verdicts({ signal, layer, shift }: ExplainState): readonly Verdict[] {
  const { equivariance, invariance } = agreementAt(signal, layer, shift);
  const byShift = equivarianceByShift(signal, layer);
  const holdsAt = (at: number): boolean => agreementAt(signal, layer, at).equivariance.differing.length === 0;
  const others = byShift.flatMap((_, at) => (at % layer.stride !== 0 && !holdsAt(at) ? [at] : []));
  const modulo = byShift.every((_, at) => at % layer.stride !== 0 || holdsAt(at));
  return [
    {
      title: t`Shift-equivariance`,
      formula: 'Shift(F(X)) = F(Shift(X))',
      holds: equivariance.differing.length === 0,
      text:
        equivariance.differing.length === 0
          ? t`Shifted by ${shift}, the output moves along with the signal.`
          : sentences(
              t`Shifted by ${shift}, ${equivariance.differing.length} of ${signal.length} samples differ from the output that has moved along: the cosine is ${cosineText(equivariance.cosine)}.`,
              unfilteredText({ signal, layer, shift }),
            ),
    },
    {
      title: t`Shift-invariance`,
      formula: 'F(X) = F(Shift(X))',
      holds: invariance.differing.length === 0,
      text:
        invariance.differing.length === 0
          ? t`Shifted by ${shift}, the output stays as it is.`
          : t`Shifted by ${shift}, ${invariance.differing.length} of ${signal.length} samples of the output change: the cosine is ${cosineText(invariance.cosine)}.`,
    },
    {
      title: t`Equivariance modulo the stride`,
      formula: t`the same at the shifts ${multiplesText(layer.stride)}`,
      holds: modulo,
      text: periodText(layer, others),
    },
  ];
}

/** What the filter gains; nothing where there is none. */
function unfilteredText({ signal, layer, shift }: Pick<ExplainState, 'signal' | 'layer' | 'shift'>): string {
  if (layer.filter === 'identity') return '';
  const { cosine } = agreementAt(signal, { ...layer, filter: 'identity' }, shift).equivariance;
  return t`Without the filter it is ${cosineText(cosine)}.`;
}

function periodText({ stride }: ExplainedLayer, broken: readonly number[]): string {
  if (stride === 1) return t`Nothing is dropped, so it holds at every shift.`;
  const always = t`It holds at every multiple of ${stride}: there the kept samples meet the same parts of the signal again.`;
  if (broken.length === 0) return sentences(always, t`For this signal it holds at the other shifts, too.`);
  return sentences(always, t`In between, at ${broken.join(t`, `)}, they meet other parts.`);
}

function multiplesText(stride: number): string {
  return `0, ${stride}, ${2 * stride}, …`;
}

/** What a filter makes of the layer. */
export interface FilterRow {
  readonly name: ExplainedLayer['filter'];
  readonly label: string;
  /** Cosine of shift-equivariance at the chosen shift. */
  readonly here: number;
  /** The smallest over all shifts. */
  readonly worst: number;
}

/** The same layer with every filter, without one first. */
export function filterRows({ signal, layer, shift }: Pick<ExplainState, 'signal' | 'layer' | 'shift'>): readonly FilterRow[] {
  return blurFilterNames.map((name) => {
    const cosines = equivarianceByShift(signal, { ...layer, filter: name });
    return { name, label: filterLabel(name), here: cosines[shift] ?? 1, worst: Math.min(...cosines) };
  });
}

/** A filter as it is chosen. */
export function filterLabel(name: ExplainedLayer['filter']): string {
  return name === 'identity' ? t`none` : blurFilter(name).label;
}

/** Four digits, 1 only where it is 1. */
export function cosineText(cosine: number): string {
  return cosine === 1 ? '1' : Math.min(cosine, 0.9999).toFixed(4);
}

/** A sample, as short as two digits say it. */
export function sampleText(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** The page of the rules that says more. */
export function rulePage({ rule, step }: ExplainedLayer): string {
  const pages: Readonly<Record<DenseStep, string>> = {
    maximum: 'strided-max-pool',
    average: 'strided-avg-pool',
    convolution: 'strided-conv',
    nothing: 'strided-subsample',
  };
  return rule ?? pages[step];
}
