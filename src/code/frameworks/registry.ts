import type { Framework } from './callable';
import { flax } from './flax';
import { keras } from './keras';
import { tensorflow } from './tensorflow';
import { tfjs } from './tfjs';
import { torch } from './torch';

/** All frameworks. A new one is its table and a line here. */
export const frameworks: readonly Framework[] = [torch, keras, tensorflow, flax, tfjs];
