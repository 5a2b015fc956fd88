import { weightBytes } from '../../../core/equivariance/plan/weight-bytes';
import type { ModelGraph } from '../../../core/graph/model-graph';

/** What the process and its runtime take before the first map, and how often a runtime may hold a weight: as file, packed, twice. */
const processBytes = 280 * 2 ** 20;
const weightCopies = 3;
const leastForMaps = 128 * 2 ** 20;

/**
 * The budget is for the whole process; weights and the runtime itself come out of it first.
 * @param fileBytes of the model @param bytesBeside of what else is open
 */
export function budgetForMaps(budgetBytes: number, graph: ModelGraph, fileBytes: number, bytesBeside = 0): number {
  const heldBytes = weightCopies * Math.max(fileBytes, weightBytes(graph)) + bytesBeside;
  return Math.max(Math.min(budgetBytes, leastForMaps), budgetBytes - processBytes - heldBytes);
}
