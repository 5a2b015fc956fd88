import { block, type BlockTable } from '../../block';

const pool = { parameters: ['ks', 'stride', 'padding', 'ndim', 'ceil_mode'], kernel: ['ks', 2], stride: ['stride', 'kernel'] } as const;

/** https://docs.fast.ai/layers.html; most programs take everything of `fastai.vision.all`. */
export const fastai: BlockTable = {
  modules: [
    ['fastai.layers', 'fastai.layers'],
    ['fastai.vision.all', 'fastai.layers'],
    ['fastai.basics', 'fastai.layers'],
  ],
  callables: [
    block('fastai.layers.ConvLayer', {
      parameters: ['ni', 'nf', 'ks', 'stride', 'padding', 'bias', 'ndim'],
      kernel: ['ks', 3],
      stride: ['stride', 1],
      enlargesWith: 'transpose',
    }),
    block('fastai.layers.ResBlock', { parameters: ['expansion', 'ni', 'nf', 'stride'], kernel: ['ks', 3], stride: ['stride', 1] }),
    block('fastai.layers.MaxPool', { ...pool, role: 'max-pool' }),
    block('fastai.layers.AvgPool', { ...pool, role: 'average-pool' }),
  ],
};
