export { agreementAt, equivarianceByShift, type Agreement, type ShiftAgreement } from '../../core/explain/agreement';
export { downsample, shifted, type Downsampling, type DownsamplingSteps } from '../../core/explain/downsampling';
export {
  drawable,
  largestShown,
  readExplainedLayer,
  textbookLayer,
  textbookSignal,
  type ExplainedLayer,
} from '../../core/explain/explained-layer';
export type { DenseStep } from '../../core/rules/rule';
