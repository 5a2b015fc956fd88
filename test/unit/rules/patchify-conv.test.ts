import { operations, type LayerSpec } from '../graph-builder';
import { act, describeRule, stem } from './judging';

const { batchNormalization, convolution } = operations;
const norm: LayerSpec = ['norm', batchNormalization];

describeRule('patchify-conv', [
  ['patches of the image', [['layer', convolution(16, 16)], norm], [['layer', 'patchify-conv']]],
  ['patches of a normalised image', [norm, ['layer', convolution(4, 4)]], [['layer', 'patchify-conv']]],
  ['overlapping patches', [['layer', convolution(7, 4)]], [['layer', 'strided-conv']]],
  ['patches inside the network', [stem, act, ['layer', convolution(4, 4)]], [['layer', 'strided-conv']]],
]);
