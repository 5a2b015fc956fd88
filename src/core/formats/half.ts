/** IEEE 754 binary16 as a number: 1 sign, 5 exponent, 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Largest finite number of binary16. */
const largestHalf = 65_504;

/** The binary16 nearest to a finite number, ties to even; beyond its range the largest there is. */
export function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.min(Math.abs(value), largestHalf);
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // Below 2^-14 the exponent field is 0 and counts the same steps; a fraction that rounds up to 2^11 carries into the exponent by itself.
  return sign | (steps < 0x400 ? steps : ((exponent + 14) << 10) + steps);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

const single = new DataView(new ArrayBuffer(4));

/** A bfloat16 as a number: the upper half of a binary32. */
export function brainToNumber(bits: number): number {
  single.setUint32(0, (bits & 0xffff) << 16);
  return single.getFloat32(0);
}

/** The bfloat16 nearest to a number, ties to even. */
export function numberToBrain(value: number): number {
  single.setFloat32(0, value);
  const bits = single.getUint32(0);
  if (Number.isNaN(value)) return 0x7fc0;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}
