export { asItIsText, bestWithinText } from '../../core/report/advice-text';
export { fineTuningAdvice } from '../../core/rewrite/plan';
