export { percentText, signedText } from '../../core/report/figure-text';
export { percent } from '../../core/rewrite/price-text';
