import { blurFilter, blurFilterNames } from '../../src/panel-protocol/core/filters';
import { agreementAt, equivarianceByShift, type DenseStep, type ExplainedLayer } from '../../src/panel-protocol/core/explain';
import type { ExplainState } from './state';

/** What each dense step is called where one is chosen. */
export const stepNames: Readonly<Record<DenseStep, string>> = {
  maximum: 'Maximum (max-pool)',
  average: 'Average (average-pool)',
  convolution: 'Convolution and ReLU (finds rising edges)',
  nothing: 'Nothing (samples are only dropped)',
};

/** The first step as the head of its row. */
export function denseText({ step, kernel }: ExplainedLayer): string {
  const names: Readonly<Record<DenseStep, string>> = {
    maximum: `maximum of ${kernel}`,
    average: `average of ${kernel}`,
    convolution: kernel === 1 ? 'convolution 1, ReLU' : `edges over ${kernel}, ReLU`,
    nothing: 'as it is',
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
  if (stride === 1) return 'every sample';
  return `every ${stride}${stride === 2 ? 'nd' : stride === 3 ? 'rd' : 'th'} sample`;
}

/** What the page is about, in one paragraph. */
export function introduction({ layer, asked }: ExplainState): string {
  const filtered =
    layer.filter === 'identity'
      ? 'The sampling theorem asks for a low-pass filter between the two; this layer has none.'
      : `Between the two stands the low-pass filter ${blurFilter(layer.filter).label}, as a fix puts it there.`;
  const capped =
    asked.stride > layer.stride && asked.stride !== layer.stride
      ? ` The layer's own stride is ${asked.stride}; it is drawn with ${layer.stride}.`
      : '';
  return `A layer with a stride does two things at once: it computes at every position, then it keeps ${keptText(layer)}. ${filtered}${capped}`;
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
      title: 'Shift-equivariance',
      formula: 'Shift(F(X)) = F(Shift(X))',
      holds: equivariance.differing.length === 0,
      text:
        equivariance.differing.length === 0
          ? `Shifted by ${shift}, the output moves along with the signal.`
          : `Shifted by ${shift}, ${placesText(equivariance.differing.length, signal.length)} differ from the output that has moved along: the cosine is ${cosineText(equivariance.cosine)}.${unfilteredText({ signal, layer, shift })}`,
    },
    {
      title: 'Shift-invariance',
      formula: 'F(X) = F(Shift(X))',
      holds: invariance.differing.length === 0,
      text:
        invariance.differing.length === 0
          ? `Shifted by ${shift}, the output stays as it is.`
          : `Shifted by ${shift}, ${placesText(invariance.differing.length, signal.length)} of the output change: the cosine is ${cosineText(invariance.cosine)}.`,
    },
    {
      title: 'Equivariance modulo the stride',
      formula: `the same at the shifts ${multiplesText(layer.stride)}`,
      holds: modulo,
      text: periodText(layer, others),
    },
  ];
}

/** What the filter gains; nothing where there is none. */
function unfilteredText({ signal, layer, shift }: Pick<ExplainState, 'signal' | 'layer' | 'shift'>): string {
  if (layer.filter === 'identity') return '';
  const { cosine } = agreementAt(signal, { ...layer, filter: 'identity' }, shift).equivariance;
  return ` Without the filter it is ${cosineText(cosine)}.`;
}

function periodText({ stride }: ExplainedLayer, broken: readonly number[]): string {
  if (stride === 1) return 'Nothing is dropped, so it holds at every shift.';
  const always = `It holds at every multiple of ${stride}: there the kept samples meet the same parts of the signal again.`;
  if (broken.length === 0) return `${always} For this signal it holds at the other shifts, too.`;
  return `${always} In between, at ${broken.join(', ')}, they meet other parts.`;
}

function multiplesText(stride: number): string {
  return `0, ${stride}, ${2 * stride}, …`;
}

function placesText(count: number, length: number): string {
  return count === 1 ? `1 of ${length} samples` : `${count} of ${length} samples`;
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
  return name === 'identity' ? 'none' : blurFilter(name).label;
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
