export type { AxisPair } from '../../core/graph/model-graph';
