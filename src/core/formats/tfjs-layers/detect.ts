/** How far into a file its kind shows as a rule: exporters write the kind or the topology first. */
const inspectedBytes = 1 << 16;

const modelClass = /"class_name"\s*:\s*"(?:Sequential|Model|Functional)"/;
const layersFormat = /"format"\s*:\s*"layers-model"/;
/** A graph-model has a topology too, but of nodes instead of layers. */
const graphModel = /"format"\s*:\s*"graph-model"|"modelTopology"\s*:\s*\{\s*"(?:node|library|versions)"/;

/** True for a tfjs layers-model, whole or cut off: JSON with a Keras topology under `modelTopology`. */
export function detectLayersModel(bytes: Uint8Array): boolean {
  const start = latin1(bytes.subarray(0, inspectedBytes));
  if (!/^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(start) || graphModel.test(start)) return false;
  const topology = start.includes('"modelTopology"');
  if (topology && (modelClass.test(start) || layersFormat.test(start))) return true;
  if (!topology && !start.includes('"weightsManifest"')) return false;
  // A long manifest in front, or a class that is named behind its layers: only the whole file tells.
  const whole = latin1(bytes);
  return whole.includes('"modelTopology"') && !graphModel.test(whole) && modelClass.test(whole);
}

/** Latin-1 view of the bytes, a byte order mark included: the keys looked for are ASCII. */
function latin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 8192) pieces.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  return pieces.join('');
}
