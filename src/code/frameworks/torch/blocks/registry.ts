import type { BlockTable } from '../../block';
import { detectron2 } from './detectron2';
import { einops } from './einops';
import { fastai } from './fastai';
import { mmcv } from './mmcv';
import { monai } from './monai';
import { segmentationModels } from './segmentation-models';
import { timmBlocks } from './timm';
import { torchvision } from './torchvision';
import { ultralytics } from './ultralytics';

/** Libraries for PyTorch whose blocks are known by table: an installed library is not searched. */
export const blockTables: readonly BlockTable[] = [
  torchvision,
  timmBlocks,
  mmcv,
  ultralytics,
  detectron2,
  segmentationModels,
  fastai,
  monai,
  einops,
];
