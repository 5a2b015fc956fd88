import { blockedOperators } from '../../../core/formats/onnx/level/blocked/blocked-maps';
import { encodeModel, encodeNode, encodeValueInfo } from '../../../core/formats/onnx/wire/write';
import type { OnnxRuntime } from './onnx-runtime';

/** Channels and positions of a map that is laid out to see how. */
const [channels, positions] = [64, 2];

/**
 * Channels in a block of the maps that the runtime computes fastest on, which depends on the processor.
 * @returns undefined where it has no operators on such maps
 */
export async function blockOf(runtime: OnnxRuntime): Promise<number | undefined> {
  const [input, output] = ['map', 'laid out'];
  const bytes = encodeModel({
    irVersion: 8,
    producerName: 'shiftlint',
    opsets: { '': 17, [blockedOperators.domain]: blockedOperators.version },
    nodes: [
      encodeNode({ ...blockedOperators, opType: 'ReorderInput', inputs: [input], outputs: ['blocks'] }),
      encodeNode({ opType: 'Identity', inputs: ['blocks'], outputs: [output] }),
    ],
    initializers: [],
    inputs: [encodeValueInfo(input, undefined, [1, channels, 1, positions])],
    outputs: [encodeValueInfo(output)],
  });
  try {
    const session = await runtime.InferenceSession.create(bytes, { logSeverityLevel: 4, intraOpNumThreads: 1 });
    const numbers = Float32Array.from({ length: channels * positions }, (_, index) => index);
    const results = await session.run({ [input]: new runtime.Tensor('float32', numbers, [1, channels, 1, positions]) });
    await session.release();
    const laidOut = results[output]?.data;
    // The second position of the first channel comes behind the first ones of its block.
    const block = laidOut instanceof Float32Array ? laidOut.indexOf(1) : -1;
    return block > 1 ? block : undefined;
  } catch {
    return undefined;
  }
}
