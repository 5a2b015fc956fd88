import { jsonHead } from '../tfjs/json-head';

const graphFormat = /"format"\s*:\s*"graph-model"/;
/** A topology of nodes: a GraphDef, whose first property is its nodes unless it has a library or versions before. */
const graphDef = /"modelTopology"\s*:\s*\{\s*"(?:node|library|versions)"/;

/** True for a tfjs graph-model, whole or cut off: JSON with a GraphDef under `modelTopology`. */
export function detectGraphModel(bytes: Uint8Array): boolean {
  const head = jsonHead(bytes);
  if (head === undefined) return false;
  const { start } = head;
  if (graphFormat.test(start) || graphDef.test(start)) return true;
  // A long manifest may stand in front of the topology.
  return !start.includes('"modelTopology"') && start.includes('"weightsManifest"') && graphDef.test(head.whole());
}
