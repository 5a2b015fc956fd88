export { visibleText } from '../../core/report/visible-text';
