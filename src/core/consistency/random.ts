/**
 * Reproducible numbers in [0, 1) for a seed and a text, so that what is drawn for an image depends on nothing but its name:
 * a folder gives the same result whole or in parts.
 */
export function seededRandom(seed: number, text: string): () => number {
  let state = hash(seed, text);
  return () => {
    // A Weyl sequence through a mixer of full avalanche.
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
}

function hash(seed: number, text: string): number {
  let state = mix(seed | 0);
  for (let index = 0; index < text.length; index++) state = mix(Math.imul(state, 31) + text.charCodeAt(index));
  return state;
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
