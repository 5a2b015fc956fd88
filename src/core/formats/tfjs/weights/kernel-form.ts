/**
 * How TensorFlow.js stores the weights of a linear layer: `[...kernel, inputs of a group, outputs]` (a dense layer has no kernel),
 * depthwise `[...kernel, channels, multiplier]`, or a transposed matrix `[outputs, inputs]`.
 */
export type KernelForm = 'full' | 'depthwise' | 'transposed';

/** What a stored kernel's shape says of its layer. */
export interface KernelCounts {
  readonly outputs: number;
  /** Inputs of one output: channels of its group times the kernel's size. */
  readonly unknowns: number;
  readonly taps: number;
}

/** Counts of a kernel of that shape. */
export function kernelCounts(form: KernelForm, shape: readonly number[]): KernelCounts {
  const [last = 1, beforeLast = 1] = [shape.at(-1), shape.at(-2)];
  if (form === 'transposed') return { outputs: beforeLast, unknowns: last, taps: 1 };
  const taps = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  return form === 'depthwise' ? { outputs: beforeLast * last, unknowns: taps, taps } : { outputs: last, unknowns: beforeLast * taps, taps };
}

/** The stored place of every weight of `[outputs, unknowns]`, unknowns in the order `[channel, ...kernel]`. */
export function storedPlaces(form: KernelForm, shape: readonly number[]): Uint32Array {
  const { outputs, unknowns, taps } = kernelCounts(form, shape);
  const places = new Uint32Array(outputs * unknowns);
  for (let output = 0, place = 0; output < outputs; output++) {
    for (let unknown = 0; unknown < unknowns; unknown++, place++) {
      const [channel, tap] = [Math.floor(unknown / taps), unknown % taps];
      if (form === 'transposed') places[place] = place;
      else if (form === 'depthwise') places[place] = tap * outputs + output;
      else places[place] = (tap * (unknowns / taps) + channel) * outputs + output;
    }
  }
  return places;
}
