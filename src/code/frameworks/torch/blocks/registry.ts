import type { BlockTable } from './block';
import { einops } from './einops';
import { mmcv } from './mmcv';
import { timmBlocks } from './timm';
import { torchvision } from './torchvision';
import { ultralytics } from './ultralytics';

/** Libraries for PyTorch whose blocks are known by table: an installed library is not searched. */
export const blockTables: readonly BlockTable[] = [torchvision, timmBlocks, mmcv, ultralytics, einops];
