export { blurFilter, blurFilterNames, isBlurFilterName, type BlurFilterName } from '../../core/rewrite/filters';
export { blurPaddings, isBlurPadding, type BlurPadding, type PlanPrice } from '../../core/rewrite/plan';
export type { BorderChoice, FixPreview } from '../../core/lint/fix-preview';
