import type { ShiftFrame } from '../../src/panel-protocol/studies/equivariance';

/** A frame of a single shift, until the real one is set. */
export const noFrame: ShiftFrame = { protocol: 'circular', size: [1, 1], origin: [0, 0], diagonal: false };
