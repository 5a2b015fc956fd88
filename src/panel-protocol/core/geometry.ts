export type { AxisPair } from '../../core/graph/model-graph';
export type { ReceptiveField } from '../../core/graph/receptive-field';
