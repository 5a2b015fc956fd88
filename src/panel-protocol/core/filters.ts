export { blurFilter, blurFilterNames, isBlurFilterName, type BlurFilterName } from '../../core/rewrite/filters';
