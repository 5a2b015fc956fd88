import { antialiasedCnns } from './antialiased-cnns';
import { kornia } from './kornia';
import type { TorchLibrary } from './library';
import { timm } from './timm';

/** Libraries for PyTorch that have a BlurPool, those first that projects use most. */
export const torchLibraries: readonly TorchLibrary[] = [timm, kornia, antialiasedCnns];
