import { jsonHead } from '../tfjs/json-head';

const modelClass = /"class_name"\s*:\s*"(?:Sequential|Model|Functional)"/;
const layersFormat = /"format"\s*:\s*"layers-model"/;
/** A graph-model has a topology too, but of nodes instead of layers. */
const graphModel = /"format"\s*:\s*"graph-model"|"modelTopology"\s*:\s*\{\s*"(?:node|library|versions)"/;

/** True for a tfjs layers-model, whole or cut off: JSON with a Keras topology under `modelTopology`. */
export function detectLayersModel(bytes: Uint8Array): boolean {
  const head = jsonHead(bytes);
  if (head === undefined || graphModel.test(head.start)) return false;
  const { start } = head;
  const topology = start.includes('"modelTopology"');
  if (topology && (modelClass.test(start) || layersFormat.test(start))) return true;
  if (!topology && !start.includes('"weightsManifest"')) return false;
  // A long manifest in front, or a class that is named behind its layers: only the whole file tells.
  const whole = head.whole();
  return whole.includes('"modelTopology"') && !graphModel.test(whole) && modelClass.test(whole);
}
