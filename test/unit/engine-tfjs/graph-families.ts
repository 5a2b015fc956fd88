import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { flag, float, GraphBuilder, int, ints, texts, windowed } from '../tfjs-graph/graph-builder';

/** A network on `image`, two channels; answers with its output. */
export interface Family {
  readonly name: string;
  readonly size: readonly [number, number];
  readonly build: (builder: Net) => string;
  /** Of the last two maps. */
  readonly periods?: readonly (readonly number[])[];
}

/** Layers by short names. */
class Net extends GraphBuilder {
  private count = 0;

  private next(kind: string): string {
    return `${kind}${this.count++}`;
  }

  conv(
    input: string,
    [from, to]: readonly [number, number],
    kernel: number,
    strides: readonly [number, number] = [1, 1],
    padding: 'SAME' | 'VALID' | readonly number[] = 'SAME',
  ): string {
    const name = this.next('conv');
    return this.op('_FusedConv2D', name, [input, this.weight(`${name}/w`, [kernel, kernel, from, to]), this.weight(`${name}/b`, [to])], {
      ...windowed(strides, padding),
      fused_ops: texts('BiasAdd', 'Relu'),
      num_args: int(1),
    });
  }

  pool(
    input: string,
    kind: 'MaxPool' | 'AvgPool',
    size: readonly [number, number],
    strides: readonly [number, number],
    padding: 'SAME' | 'VALID' = 'VALID',
  ): string {
    return this.op(kind, this.next('pool'), [input], { ...windowed(strides, padding), ksize: ints(1, ...size, 1) });
  }

  flat(map: string, shape: readonly [number, number]): string {
    const name = this.next('flat');
    return this.op('Reshape', name, [map, this.constant(`${name}/shape`, [3], [-1, ...shape])], { T: float, Tshape: { type: 'DT_INT32' } });
  }

  concat(...inputs: readonly string[]): string {
    const name = this.next('join');
    return this.op('ConcatV2', name, [...inputs, this.constant(`${name}/axis`, [], [-1])], { T: float, N: int(inputs.length) });
  }

  upsample(input: string, kind: 'ResizeBilinear' | 'ResizeNearestNeighbor', size: readonly [number, number], halfPixel: boolean): string {
    const name = this.next('resize');
    return this.op(kind, name, [input, this.constant(`${name}/size`, [2], size)], {
      T: float,
      align_corners: flag(false),
      half_pixel_centers: flag(halfPixel),
    });
  }

  transposed(
    input: string,
    [from, to]: readonly [number, number],
    kernel: number,
    stride: number,
    size: readonly [number, number],
    padding: 'SAME' | 'VALID',
  ): string {
    const name = this.next('transposed');
    const inputs = [this.constant(`${name}/sizes`, [4], [1, ...size, to]), this.weight(`${name}/w`, [kernel, kernel, to, from]), input];
    return this.op('Conv2DBackpropInput', name, inputs, windowed([stride, stride], padding));
  }
}

/** Networks of images. */
export const families: readonly Family[] = [
  {
    name: 'VGG with a dense head',
    size: [8, 12],
    build: (net) => {
      const deep = net.pool(
        net.conv(net.pool(net.conv('image', [2, 3], 3), 'MaxPool', [2, 2], [2, 2]), [3, 4], 3),
        'MaxPool',
        [3, 3],
        [2, 2],
        'SAME',
      );
      // A model may have names like those of the nodes that wrap.
      net.op('Relu', 'shiftlint_wrap/pool3/axis0', [deep]);
      const flat = net.op('Reshape', 'flat', [deep, net.constant('shape', [2], [-1, 24])]);
      return net.op('MatMul', 'dense', [flat, net.weight('dense/w', [24, 5])], {
        T: float,
        transpose_a: flag(false),
        transpose_b: flag(false),
      });
    },
  },
  {
    name: 'MobileNetV3: hard-swish, depthwise, squeeze-excite, explicit padding',
    size: [8, 8],
    build: (net) => {
      const stem = net.conv('image', [2, 4], 3, [2, 2], [0, 1, 0, 1]);
      const gate = net.op('Relu6', 'gate', [net.op('AddV2', 'plus', [stem, net.constant('three', [], [3], 'float32')])]);
      const swish = net.op('Mul', 'swish', [stem, gate]);
      const depthwise = net.op(
        'DepthwiseConv2dNative',
        'depthwise',
        [swish, net.weight('depthwise/w', [3, 3, 4, 1])],
        windowed([2, 2], 'SAME'),
      );
      const mean = net.op('Mean', 'mean', [depthwise, net.constant('axes', [2], [1, 2])], { T: float, keep_dims: flag(true) });
      return net.op('Mul', 'scaled', [depthwise, net.op('Sigmoid', 'weight', [net.conv(mean, [4, 4], 1)])]);
    },
  },
  {
    name: 'ResNet with Pad and VALID, average pool, stride per axis',
    size: [12, 12],
    build: (net) => {
      const padded = net.op('Pad', 'pad', ['image', net.constant('amounts', [4, 2], [0, 0, 3, 3, 3, 3, 0, 0])]);
      const stem = net.conv(padded, [2, 3], 7, [2, 2], 'VALID');
      const main = net.conv(stem, [3, 4], 3, [3, 1]);
      const shortcut = net.conv(stem, [3, 4], 1, [3, 1]);
      return net.pool(net.op('AddV2', 'sum', [main, shortcut]), 'AvgPool', [2, 2], [1, 2], 'SAME');
    },
  },
  {
    name: 'a dilated convolution in blocks',
    size: [8, 8],
    build: (net) => {
      const small = net.pool('image', 'MaxPool', [2, 2], [2, 2]);
      const cut = net.op('SpaceToBatchND', 'cut', [small, net.constant('block', [2], [2, 2]), net.constant('pads', [2, 2], [2, 2, 2, 2])]);
      const dilated = net.op('Conv2D', 'dilated', [cut, net.weight('dilated/w', [3, 3, 2, 3])], windowed([1, 1], 'VALID'));
      const relu = net.op('Relu', 'relu', [dilated]);
      return net.op('BatchToSpaceND', 'whole', [relu, net.constant('same', [2], [2, 2]), net.constant('crops', [2, 2], [0, 0, 0, 0])]);
    },
  },
  {
    name: 'U-Net: transposed convolutions of either padding, resizes, skip connections',
    size: [8, 12],
    build: (net) => {
      const first = net.conv('image', [2, 3], 3);
      const second = net.conv(net.pool(first, 'MaxPool', [2, 2], [2, 2]), [3, 4], 3);
      const deepest = net.pool(second, 'MaxPool', [2, 2], [2, 2]);
      const up = net.transposed(deepest, [4, 3], 3, 2, [4, 6], 'SAME');
      const joined = net.conv(net.concat(second, up), [7, 3], 3);
      const linear = net.upsample(joined, 'ResizeBilinear', [8, 12], true);
      const legacy = net.upsample(joined, 'ResizeBilinear', [8, 12], false);
      const nearest = net.upsample(joined, 'ResizeNearestNeighbor', [8, 12], false);
      return net.concat(first, linear, legacy, nearest, net.transposed(joined, [3, 2], 2, 2, [8, 12], 'VALID'));
    },
  },
  {
    name: 'DenseNet: concatenation, average pool, then stride 3 and (2, 1), even kernels',
    size: [12, 18],
    build: (net) => {
      const grown = net.concat('image', net.conv('image', [2, 3], 3));
      const pooled = net.pool(net.concat(grown, net.conv(grown, [5, 2], 4)), 'AvgPool', [2, 2], [2, 2]);
      return net.conv(net.pool(pooled, 'MaxPool', [3, 3], [3, 3], 'SAME'), [7, 3], 2, [2, 1]);
    },
  },
  {
    name: 'a non-local block: flattened positions, products, softmax, and back',
    size: [8, 12],
    build: (net) => {
      const map = net.pool(net.conv('image', [2, 4], 3), 'MaxPool', [2, 2], [2, 2]);
      const [keys, values] = [net.flat(net.conv(map, [4, 4], 1), [24, 4]), net.flat(net.conv(map, [4, 4], 1), [24, 4])];
      const product = (name: string, a: string, b: string, turned: boolean): string =>
        net.op('BatchMatMulV2', name, [a, b], { T: float, adj_x: flag(false), adj_y: flag(turned) });
      const weights = net.op('Softmax', 'weights', [product('scores', net.flat(map, [24, 4]), keys, true)]);
      const mixed = net.op('Reshape', 'again', [product('mixed', weights, values, false), net.constant('mapShape', [4], [-1, 4, 6, 4])], {
        T: float,
        Tshape: { type: 'DT_INT32' },
      });
      return net.pool(net.op('AddV2', 'residual', [map, mixed]), 'AvgPool', [2, 2], [2, 2]);
    },
    periods: [
      [2, 2],
      [4, 4],
    ],
  },
  {
    name: 'two images, and held inputs of which one is a whole number',
    size: [8, 8],
    build: (net) => {
      const map = net.pool(
        net.concat(net.conv('image', [2, 3], 3), net.conv(net.input([1, 8, 8, 1], 'mask'), [1, 3], 3)),
        'MaxPool',
        [2, 2],
        [2, 2],
      );
      const step = net.op('Cast', 'asFloat', [net.input([1, 6], 'step', { type: 'DT_INT32' })], {
        SrcT: { type: 'DT_INT32' },
        DstT: float,
      });
      const gate = net.op('Sigmoid', 'gate', [
        net.op('AddV2', 'sum', [net.op('AddV2', 'biased', [step, net.weight('bias', [6])]), net.input([1, 6], 'style')]),
      ]);
      const grid = net.op('Reshape', 'grid', [gate, net.constant('gridShape', [4], [-1, 1, 1, 6])], {
        T: float,
        Tshape: { type: 'DT_INT32' },
      });
      return net.pool(net.op('Mul', 'gated', [map, grid]), 'AvgPool', [2, 2], [2, 2]);
    },
  },
  {
    name: 'channels first, normalised and padded before they are turned',
    size: [8, 12],
    build: (net) => {
      const scaled = net.op('Mul', 'scaled', [
        net.op('Sub', 'centred', ['image', net.weight('mean', [2, 1, 1])]),
        net.weight('scale', [1, 2, 1, 1]),
      ]);
      const padded = net.op('Pad', 'padded', [scaled, net.constant('amounts', [4, 2], [0, 0, 0, 0, 1, 1, 1, 1])]);
      const turned = net.op('Transpose', 'turned', [padded, net.constant('order', [4], [0, 2, 3, 1])], {
        T: float,
        Tperm: { type: 'DT_INT32' },
      });
      return net.pool(net.conv(turned, [2, 3], 3, [2, 2], 'VALID'), 'MaxPool', [2, 2], [2, 2]);
    },
  },
];

/** The network as a file. */
export function graphFile({ name, size, build }: Family): ModelPayload {
  const net = new Net();
  net.input(name.startsWith('channels first') ? [1, 2, ...size] : [1, ...size, 2]);
  const { text, files } = net.model([build(net)]);
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}
