import { row, windowParameter } from '../../rows';
import type { BlockTable } from '../../block';

const pattern = { dimensions: 2, stride: windowParameter('pattern', null), parameters: ['pattern'], readsPattern: true } as const;

/** Its package, which serves every framework: an import of it does not tell which one a program uses. */
export const einopsPackage = 'einops';

/** https://einops.rocks/api/rearrange/: a rearrangement that moves blocks of positions into channels. */
export const einops: BlockTable = {
  modules: [
    [einopsPackage, einopsPackage],
    ...['torch', 'tensorflow', 'keras', 'flax', 'paddle', 'oneflow'].map(
      (framework) => [`einops.layers.${framework}`, 'einops.layers'] as const,
    ),
  ],
  callables: [
    row('einops.rearrange', 'space-to-depth', 'operation', pattern),
    row('einops.layers.Rearrange', 'space-to-depth', 'layer', pattern),
  ],
};
