export { greyOf, jointScale, type GreyScale } from '../../core/report/grey-scale';
