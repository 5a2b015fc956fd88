/** A layer that loses less of the mean than this keeps what it was given: arithmetic in 32 bits loses as much. */
export const tellingLoss = 0.001;
