export type { NamedLayer } from '../../core/graph/layer-labels';
export { fullName } from '../../core/report/full-name';
