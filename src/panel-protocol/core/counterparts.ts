export { counterparts } from '../../core/compare/counterparts';
