import { downsample, shifted, type Downsampling } from './downsampling';

/** Sums of products of taps and samples differ in their last digits alone where they are equal. */
const rounding = 1e-9;

/** Two signals of one length, held against each other. */
export interface Agreement {
  /** Of the two as vectors, the measure of docs/equivariance.md: 1 where they agree but for a factor. */
  readonly cosine: number;
  /** Places where they differ. */
  readonly differing: readonly number[];
}

/** What becomes of a shift of the signal, by both definitions of Zhang 2019, section 3.1. */
export interface ShiftAgreement {
  /** Shift(F~(X)) against F~(Shift(X)). */
  readonly equivariance: Agreement;
  /** F~(X) against F~(Shift(X)). */
  readonly invariance: Agreement;
}

/** Both definitions at one shift. */
export function agreementAt(signal: readonly number[], layer: Downsampling, shift: number): ShiftAgreement {
  const { upsampled } = downsample(signal, layer);
  const ofShifted = downsample(shifted(signal, shift), layer).upsampled;
  return { equivariance: agreement(shifted(upsampled, shift), ofShifted), invariance: agreement(upsampled, ofShifted) };
}

/** The cosine of shift-equivariance at every shift of the signal: a heatmap in one dimension. */
export function equivarianceByShift(signal: readonly number[], layer: Downsampling): readonly number[] {
  return signal.map((_, shift) => agreementAt(signal, layer, shift).equivariance.cosine);
}

/** Two signals of zeros agree, one of zeros and another do not. */
export function agreement(a: readonly number[], b: readonly number[]): Agreement {
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  const norms = Math.sqrt(dot(a, a) * dot(b, b));
  const bothZero = dot(a, a) === 0 && dot(b, b) === 0;
  const differing = a.flatMap((value, place) => (Math.abs(value - (b[place] ?? 0)) > rounding ? [place] : []));
  return { cosine: bothZero ? 1 : norms === 0 ? 0 : differing.length === 0 ? 1 : dot(a, b) / norms, differing };
}
