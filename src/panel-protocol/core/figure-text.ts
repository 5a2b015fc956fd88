export { percentText, signedText } from '../../core/report/figure-text';
export { percent, priceText } from '../../core/rewrite/price-text';
