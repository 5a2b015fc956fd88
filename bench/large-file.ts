import { closeSync, openSync, writeSync } from 'node:fs';
import { concatenate } from '../src/core/formats/concatenate';
import { graphField, modelField, tensorField } from '../src/core/formats/onnx/wire/schema';
import { messageFields } from '../src/core/formats/onnx/wire/wire';
import { encodeIntegerTensor, encodeModel, encodeNode, encodeTensor, encodeValueInfo } from '../src/core/formats/onnx/wire/write';
import { encodeFieldHeader } from '../src/core/formats/onnx/wire/write-fields';

/** Bytes. */
export const megabyte = 1024 * 1024;
const float = 1;

/** A VGG-like network: five stages of strided convolutions and max-pools, its weights mostly in two layers at the end. */
export function writeLargeModel(file: string, weightBytes: number): void {
  const widths = [64, 128, 256, 512, 512];
  const nodes: Uint8Array[] = [];
  const weights: { readonly name: string; readonly dims: readonly number[] }[] = [];
  let map = 'image';
  for (const [stage, width] of widths.entries()) {
    for (const block of [0, 1, 2]) {
      const name = `stage${stage}.conv${block}`;
      const strides = [block === 2 && stage % 2 === 1 ? 2 : 1, block === 2 && stage % 2 === 1 ? 2 : 1];
      weights.push({ name: `${name}.weight`, dims: [width, block === 0 ? (widths[stage - 1] ?? 3) : width, 3, 3] });
      nodes.push(
        encodeNode({
          name,
          opType: 'Conv',
          inputs: [map, `${name}.weight`],
          outputs: [`${name}.out`],
          attributes: { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] }, strides: { ints: strides } },
        }),
      );
      nodes.push(encodeNode({ name: `${name}.relu`, opType: 'Relu', inputs: [`${name}.out`], outputs: [`${name}.map`] }));
      map = `${name}.map`;
    }
    if (stage % 2 === 0) {
      nodes.push(
        encodeNode({
          name: `stage${stage}.pool`,
          opType: 'MaxPool',
          inputs: [map],
          outputs: [`stage${stage}.map`],
          attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
        }),
      );
      map = `stage${stage}.map`;
    }
  }
  const features = 512 * 7 * 7;
  nodes.push(encodeNode({ name: 'flatten', opType: 'Flatten', inputs: [map], outputs: ['row'] }));
  nodes.push(encodeNode({ name: 'dense', opType: 'MatMul', inputs: ['row', 'dense.weight'], outputs: ['scores'] }));
  const convolutionBytes = weights.reduce((sum, { dims }) => sum + 4 * dims.reduce((product, length) => product * length, 1), 0);
  weights.push({ name: 'dense.weight', dims: [features, Math.round((weightBytes - convolutionBytes) / 4 / features)] });
  write(file, nodes, weights);
}

/** Writes weight by weight, so that the benchmark itself stays small; their values are what the buffer happens to repeat. */
function write(
  file: string,
  nodes: readonly Uint8Array[],
  weights: readonly { readonly name: string; readonly dims: readonly number[] }[],
): void {
  const skeleton = encodeModel({
    irVersion: 8,
    producerName: 'shiftlint-bench',
    opsets: { '': 17 },
    nodes: [...nodes],
    initializers: [encodeIntegerTensor('unused', [1], [0])],
    inputs: [encodeValueInfo('image', float, [1, 3, 224, 224])],
    outputs: [encodeValueInfo('scores', float)],
  });
  const noise = Float32Array.from({ length: megabyte / 4 }, (_, index) => Math.sin(index * 12.9898) * 0.1);
  const block = new Uint8Array(noise.buffer);
  const tensors = weights.map(({ name, dims }) => {
    const size = 4 * dims.reduce((product, length) => product * length, 1);
    const head = encodeTensor({ name, dims, dataType: float, rawData: new Uint8Array(0) }).subarray(0, -2);
    return { head: concatenate([head, encodeFieldHeader(tensorField.rawData, size)]), size };
  });
  const graph = [...messageFields(skeleton, { start: 0, end: skeleton.length })].find(({ number }) => number === modelField.graph);
  if (graph === undefined) throw new Error('The skeleton has no graph.');
  const { start, end } = graph.value;
  const extra = tensors.map(({ head, size }) => ({ header: encodeFieldHeader(graphField.initializer, head.length + size), head, size }));
  const length = end - start + extra.reduce((sum, { header, head, size }) => sum + header.length + head.length + size, 0);
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, skeleton.subarray(0, graph.start));
  writeSync(descriptor, encodeFieldHeader(modelField.graph, length));
  writeSync(descriptor, skeleton.subarray(start, end));
  for (const { header, head, size } of extra) {
    writeSync(descriptor, header);
    writeSync(descriptor, head);
    for (let left = size; left > 0; left -= block.length) writeSync(descriptor, block.subarray(0, Math.min(left, block.length)));
  }
  writeSync(descriptor, skeleton.subarray(end));
  closeSync(descriptor);
}
