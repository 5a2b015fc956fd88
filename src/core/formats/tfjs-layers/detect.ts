/** How far into a file its kind shows: exporters write the topology first, but an unrelated key may be long. */
const inspectedBytes = 1 << 16;

const modelClass = /"class_name"\s*:\s*"(?:Sequential|Model|Functional)"/;

/**
 * True for a tfjs layers-model, whole or cut off: JSON whose beginning shows a Keras topology. Graph-models have a
 * topology too, but of nodes instead of layers.
 */
export function detectLayersModel(bytes: Uint8Array): boolean {
  const start = text(bytes.subarray(0, inspectedBytes));
  if (!/^\s*\{/.test(start)) return false;
  if (!start.includes('"modelTopology"')) return weightsFirst(start, bytes);
  if (/"format"\s*:\s*"graph-model"/.test(start)) return false;
  return modelClass.test(start) || /"format"\s*:\s*"layers-model"/.test(start);
}

/** A manifest that comes first may push the topology behind the inspected part. */
function weightsFirst(start: string, bytes: Uint8Array): boolean {
  if (!start.includes('"weightsManifest"')) return false;
  const whole = text(bytes);
  return whole.includes('"modelTopology"') && modelClass.test(whole) && !/"format"\s*:\s*"graph-model"/.test(whole);
}

/** Latin-1 view of the bytes: the keys looked for are ASCII. */
function text(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += 8192) pieces.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  return pieces.join('');
}
