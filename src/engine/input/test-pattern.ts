import type { AxisPair } from '../../core/graph/model-graph';
import type { Plane } from './resample';

/**
 * The built-in input: edges, a zone plate and gratings of several orientations, so that every frequency band up to the
 * sampling limit is present. Circular in both axes, values 0 to 1, the same for every call.
 */
export function testPattern([height, width]: AxisPair, channels: number): readonly Plane[] {
  return Array.from({ length: channels }, (_, channel) => {
    const data = new Float32Array(height * width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) data[y * width + x] = intensity(y / height, x / width, channel, Math.max(height, width));
    }
    return { height, width, data };
  });
}

/** Position in turns of the torus, so that whole numbers of periods fit. */
function intensity(v: number, u: number, channel: number, side: number): number {
  const finest = Math.max(1, Math.floor(side / 4));
  const phase = channel * 0.37;
  const wave = (cyclesY: number, cyclesX: number): number => Math.sin(2 * Math.PI * (cyclesY * v + cyclesX * u + phase));
  const gratings = 0.25 * wave(1, 2) + 0.2 * wave(-Math.ceil(finest / 3), Math.ceil(finest / 2)) + 0.15 * wave(finest, 1 + channel);
  const distance = Math.hypot(toroidal(v - 0.5), toroidal(u - 0.5));
  const zonePlate = 0.2 * Math.cos(Math.PI * side * distance * distance);
  const square = Math.abs(toroidal(v - 0.3)) < 0.12 && Math.abs(toroidal(u - 0.65 - 0.05 * channel)) < 0.15 ? 0.5 : 0;
  return Math.min(1, Math.max(0, 0.4 + gratings + zonePlate + square));
}

function toroidal(offset: number): number {
  return offset - Math.round(offset);
}
