import { elementType } from '../../../src/core/formats/onnx/wire/schema';
import { NetworkBuilder } from './network-builder';

type Build = (net: NetworkBuilder) => string;
/** A small network. */
export interface Family {
  readonly name: string;
  readonly size: readonly [number, number];
  readonly build: Build;
}

const k = (y: number, x = y): readonly [number, number] => [y, x];
const around = (amount: number): readonly [number, number, number, number] => [amount, amount, amount, amount];

/** Networks of images. */
export const families: readonly Family[] = [
  {
    name: 'VGG: max-pools, flat map not square',
    size: [8, 12],
    build: (net) => {
      const first = net.node('Relu', [net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), pads: around(1) })]);
      const pooled = net.maxPool(first, { kernel: k(2), stride: k(2) });
      return net.maxPool(net.node('Relu', [net.convolution(pooled, { from: 3, to: 4 }, { kernel: k(3), pads: around(1) })]), {
        kernel: k(2),
        stride: k(2),
      });
    },
  },
  {
    name: 'ResNet: strided stem, overlapping pool, strided shortcut',
    size: [16, 16],
    build: (net) => {
      const stem = net.convolution('image', { from: 2, to: 3 }, { kernel: k(7), stride: k(2), pads: around(3) });
      const pooled = net.maxPool(net.node('Relu', [stem]), { kernel: k(3), stride: k(2), pads: around(1) });
      const main = net.convolution(pooled, { from: 3, to: 4 }, { kernel: k(3), stride: k(2), pads: around(1) });
      const shortcut = net.convolution(pooled, { from: 3, to: 4 }, { kernel: k(1), stride: k(2) });
      return net.node('Add', [main, shortcut]);
    },
  },
  {
    name: 'DenseNet: concatenation, average pool',
    size: [8, 8],
    build: (net) => {
      const grown = net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), pads: around(1) });
      return net.averagePool(net.concat('image', grown), { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'MobileNet: depthwise, TensorFlow SAME, even kernel',
    size: [8, 8],
    build: (net) => {
      const depthwise = net.convolution('image', { from: 2, to: 2, groups: 2 }, { kernel: k(3), stride: k(2), autoPad: 'SAME_UPPER' });
      return net.convolution(depthwise, { from: 2, to: 3 }, { kernel: k(4), stride: k(2), autoPad: 'SAME_LOWER' });
    },
  },
  {
    name: 'squeeze-excite across a stride',
    size: [8, 8],
    build: (net) => {
      const map = net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), stride: k(2), pads: around(1) });
      const gate = net.node('Sigmoid', [net.convolution(net.node('GlobalAveragePool', [map]), { from: 3, to: 3 }, { kernel: k(1) })]);
      return net.maxPool(net.node('Mul', [map, gate]), { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'squeeze-excite by a pool as large as the map, and a map that is made of one position',
    size: [8, 8],
    build: (net) => {
      const map = net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), stride: k(2), pads: around(1) });
      const squeezed = net.averagePool(map, { kernel: k(4), stride: k(4) });
      const gated = net.node('Mul', [map, net.node('Sigmoid', [net.convolution(squeezed, { from: 3, to: 3 }, { kernel: k(1) })])]);
      const unfolded = net.node('DepthToSpace', [net.convolution(squeezed, { from: 3, to: 16 }, { kernel: k(1) })], {
        blocksize: { int: 4 },
      });
      return net.maxPool(net.node('Add', [gated, unfolded]), { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'a pool of whole columns, and what is convolved and spread behind it',
    size: [8, 12],
    build: (net) => {
      const map = net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), stride: k(2), pads: around(1) });
      const row = net.convolution(
        net.maxPool(map, { kernel: k(4, 1), stride: k(4, 1) }),
        { from: 3, to: 3 },
        { kernel: k(1, 3), pads: [0, 1, 0, 1] },
      );
      const spread = net.transposed(row, { from: 3, to: 3 }, { kernel: k(4, 1), stride: k(4, 1) });
      return net.averagePool(net.node('Add', [net.node('Mul', [map, row]), spread]), { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'stride 3 and (2, 1), dilation, asymmetric pads, ceil_mode',
    size: [12, 9],
    build: (net) => {
      const dilated = net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), dilation: k(2), pads: [3, 1, 1, 3] });
      const thirds = net.maxPool(dilated, { kernel: k(3), stride: k(3), ceilMode: true });
      return net.convolution(thirds, { from: 3, to: 2 }, { kernel: k(2, 1), stride: k(2, 1), pads: [0, 0, 0, 0] });
    },
  },
  {
    name: 'U-Net: strided encoder, transposed convolutions, skip connections',
    size: [8, 12],
    build: (net) => {
      const first = net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), pads: around(1) });
      const second = net.convolution(
        net.maxPool(first, { kernel: k(2), stride: k(2) }),
        { from: 3, to: 4 },
        { kernel: k(3), pads: around(1) },
      );
      const deepest = net.maxPool(net.node('Relu', [second]), { kernel: k(2), stride: k(2) });
      const up = net.transposed(
        deepest,
        { from: 4, to: 3 },
        { kernel: k(3), stride: k(2), pads: around(1) },
        { output_padding: { ints: [1, 1] } },
      );
      const joined = net.convolution(net.concat(second, up), { from: 7, to: 3 }, { kernel: k(3), pads: around(1) });
      return net.concat(first, net.transposed(joined, { from: 3, to: 2 }, { kernel: k(4), stride: k(2), pads: around(1) }));
    },
  },
  {
    name: 'transposed convolutions: short, dilated, SAME, per axis',
    size: [12, 8],
    build: (net) => {
      const small = net.maxPool('image', { kernel: k(3, 2), stride: k(3, 2) });
      const short = net.transposed(small, { from: 2, to: 2 }, { kernel: k(2, 1), stride: k(3, 2) }, { output_padding: { ints: [1, 1] } });
      const dilated = net.transposed(small, { from: 2, to: 2 }, { kernel: k(3), stride: k(3, 2), dilation: k(2), pads: [1, 1, 1, 1] });
      const same = net.transposed(small, { from: 2, to: 2 }, { kernel: k(5, 3), stride: k(3, 2), autoPad: 'SAME_UPPER' });
      return net.concat(net.concat(short, dilated), same);
    },
  },
  {
    name: 'resizes of every mode, and to lengths',
    size: [8, 8],
    build: (net) => {
      const small = net.averagePool(net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), stride: k(2), pads: around(1) }), {
        kernel: k(2),
        stride: k(2),
      });
      const nearest = net.resize(small, { scales: [1, 1, 2, 4] }, 'nearest', 'asymmetric');
      const linear = net.resize(small, { sizes: [1, 3, 4, 8] }, 'linear', 'half_pixel');
      const cubic = net.resize(small, { scales: [1, 1, 2, 4] }, 'cubic', 'pytorch_half_pixel');
      return net.maxPool(net.concat(net.concat(nearest, linear), cubic), { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'resizes that shrink, and maps finer than the image',
    size: [8, 12],
    build: (net) => {
      const fine = net.transposed(
        net.convolution('image', { from: 2, to: 2 }, { kernel: k(3), stride: k(2), pads: around(1) }),
        { from: 2, to: 2 },
        { kernel: k(6), stride: k(6), pads: around(0) },
      );
      const half = net.resize(fine, { scales: [1, 1, 0.5, 1 / 3] }, 'nearest', 'asymmetric');
      return net.resize(
        net.convolution(half, { from: 2, to: 2 }, { kernel: k(3), pads: around(1) }),
        { scales: [1, 1, 1 / 3, 0.5] },
        'linear',
        'half_pixel',
      );
    },
  },
  {
    name: 'space-to-depth, as one operator and in slices, and back',
    size: [8, 8],
    build: (net) => {
      const deep = net.node('SpaceToDepth', ['image'], { blocksize: { int: 2 } });
      const pooled = net.maxPool(net.focus(deep, 2), { kernel: k(2, 1), stride: k(2, 1) });
      return net.convolution(
        net.node('DepthToSpace', [pooled], { blocksize: { int: 2 } }),
        { from: 8, to: 2 },
        { kernel: k(3), pads: around(1) },
      );
    },
  },
  {
    name: 'flatten and dense',
    size: [8, 8],
    build: (net) => {
      const pooled = net.maxPool(net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), pads: around(1) }), {
        kernel: k(2),
        stride: k(2),
      });
      return net.dense(net.node('Flatten', [pooled]), 48, 5);
    },
  },
  {
    name: 'positional embedding, and the maps behind it',
    size: [8, 12],
    build: (net) => {
      const embedded = net.embed(net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), stride: k(2), pads: around(1) }), [3, 4, 6]);
      return net.maxPool(net.convolution(embedded, { from: 3, to: 4 }, { kernel: k(3), pads: around(1) }), { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'attention over positions, and the map made of its tokens',
    size: [8, 8],
    build: (net) => {
      const map = net.convolution('image', { from: 2, to: 4 }, { kernel: k(3), stride: k(2), pads: around(1) });
      const channels = net.reshape(map, [0, 4, 16]);
      const tokens = net.node('Transpose', [channels], { perm: { ints: [0, 2, 1] } });
      const weights = net.node('Softmax', [net.node('MatMul', [net.dense(tokens, 4, 4), channels])], { axis: { int: -1 } });
      const mixed = net.node('Transpose', [net.node('MatMul', [weights, tokens])], { perm: { ints: [0, 2, 1] } });
      return net.convolution(net.reshape(mixed, [0, 4, 4, 4]), { from: 4, to: 2 }, { kernel: k(3), stride: k(2), pads: around(1) });
    },
  },
  {
    name: 'two images of different channels: towers that meet behind their strides',
    size: [8, 12],
    build: (net) => {
      const depth = net.convolution(net.input('depth', [1, 8, 12]), { from: 1, to: 3 }, { kernel: k(3), stride: k(2), pads: around(1) });
      const colour = net.maxPool(net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), pads: around(1) }), {
        kernel: k(2),
        stride: k(2),
      });
      return net.maxPool(net.concat(net.node('Mul', [colour, net.node('Sigmoid', [depth])]), depth), { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'held inputs: a vector and a whole number that gate a map, the number first joined to the vector',
    size: [8, 8],
    build: (net) => {
      const step = net.node('Cast', [net.input('step', [1], elementType.int64)], { to: { int: elementType.float } });
      const gate = net.node('Sigmoid', [net.reshape(net.dense(net.concat(net.input('style', [4]), step), 5, 3), [0, 3, 1, 1])]);
      const map = net.convolution('image', { from: 2, to: 3 }, { kernel: k(3), stride: k(2), pads: around(1) });
      return net.dense(net.concat(net.node('Flatten', [net.node('GlobalMaxPool', [net.node('Mul', [map, gate])])]), 'style'), 7, 4);
    },
  },
  {
    name: 'VALID layers, wrapped',
    size: [12, 12],
    build: (net) => net.maxPool(net.convolution('image', { from: 2, to: 3 }, { kernel: k(5) }), { kernel: k(3), stride: k(2) }),
  },
  {
    name: 'branches whose periods are below that of their level',
    size: [12, 12],
    build: (net) => {
      const rows = net.convolution(
        net.maxPool('image', { kernel: k(2, 1), stride: k(2, 1) }),
        { from: 2, to: 2 },
        { kernel: k(3), pads: around(1) },
      );
      const columns = net.convolution(
        net.maxPool('image', { kernel: k(1, 2), stride: k(1, 2) }),
        { from: 2, to: 2 },
        { kernel: k(3), pads: around(1) },
      );
      const thirds = net.maxPool('image', { kernel: k(3), stride: k(3) });
      const pools = [rows, columns, thirds].map((map) => net.node('GlobalAveragePool', [map]));
      return net.node('Sum', pools);
    },
  },
];

/** Models that take their channels last and prepare the pixels before a transpose moves them. */
export const turned: readonly Family[] = [
  {
    name: 'channels last: normalised, padded and clipped before they are turned',
    size: [8, 12],
    build: (net) => {
      const centred = net.node('Sub', ['image', net.floats([2], [0.2, -0.3])]);
      const scaled = net.node('Mul', [net.node('Clip', [centred, net.scalar(-0.6), net.scalar(0.7)]), net.floats([1, 1, 2], [1.5, 0.5])]);
      const padded = net.node('Pad', [net.node('Add', [scaled, centred]), net.list([0, 1, 1, 0, 0, 1, 1, 0])]);
      const first = net.convolution(
        net.node('Transpose', [padded], { perm: { ints: [0, 3, 1, 2] } }),
        { from: 2, to: 3 },
        { kernel: k(3), stride: k(2) },
      );
      return net.maxPool(net.node('Relu', [first]), { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'channels last: read raw and normalised, by two transposes',
    size: [8, 8],
    build: (net) => {
      const perm = { perm: { ints: [0, 3, 1, 2] } };
      const scaled = net.node('Div', ['image', net.floats([2], [0.5, 2])]);
      const [raw, normalised] = ['image', scaled].map((tensor) => net.node('Transpose', [tensor], perm));
      const map = net.convolution(net.concat(raw!, normalised!), { from: 4, to: 3 }, { kernel: k(3), pads: around(1) });
      return net.maxPool(map, { kernel: k(2), stride: k(2) });
    },
  },
  {
    name: 'audio, channels last: normalised before they are turned',
    size: [1, 16],
    build: (net) => {
      const scaled = net.node('Mul', [net.node('Sub', ['image', net.floats([2], [0.1, 0.4])]), net.floats([2], [2, 0.7])]);
      const stem = net.convolution(
        net.node('Transpose', [scaled], { perm: { ints: [0, 2, 1] } }),
        { from: 2, to: 3 },
        { kernel: [5], stride: [2], pads: [2, 2] },
      );
      return net.maxPool(net.node('Relu', [stem]), { kernel: [2], stride: [2] });
    },
  },
];

/** Signals are images of height 1 to everything but the file. */
/** Networks of signals. */
export const signals: readonly Family[] = [
  {
    name: 'audio: strided stem, dilation, SAME, pools, flatten and dense',
    size: [1, 24],
    build: (net) => {
      const stem = net.convolution('image', { from: 2, to: 3 }, { kernel: [5], stride: [2], pads: [2, 2] });
      const dilated = net.convolution(net.node('Relu', [stem]), { from: 3, to: 3 }, { kernel: [3], dilation: [2], pads: [2, 2] });
      const pooled = net.averagePool(net.maxPool(dilated, { kernel: [3], stride: [3], autoPad: 'SAME_UPPER' }), {
        kernel: [2],
        stride: [2],
      });
      return net.dense(net.node('Flatten', [pooled]), 6, 4);
    },
  },
  {
    name: 'audio U-Net: transposed convolution, resize, skip connection, gate',
    size: [1, 16],
    build: (net) => {
      const first = net.convolution('image', { from: 2, to: 3 }, { kernel: [3], pads: [1, 1] });
      const small = net.convolution(first, { from: 3, to: 4 }, { kernel: [4], stride: [4] });
      const gate = net.node('Sigmoid', [net.convolution(net.node('GlobalAveragePool', [small]), { from: 4, to: 4 }, { kernel: [1] })]);
      const up = net.transposed(net.node('Mul', [small, gate]), { from: 4, to: 3 }, { kernel: [4], stride: [2], pads: [1, 1] });
      return net.concat(first, net.resize(up, { scales: [1, 1, 2] }, 'linear', 'half_pixel'));
    },
  },
];

/** The network as a file. */
export function fileOf({ name, size: [height, width], build }: Family): Uint8Array {
  const net = new NetworkBuilder();
  const axes = name.startsWith('audio') ? [width] : [height, width];
  return net.build(name.includes('channels last') ? [...axes, 2] : [2, ...axes], build(net));
}
