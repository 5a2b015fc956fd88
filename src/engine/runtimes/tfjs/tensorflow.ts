/** The TensorFlow.js namespace, whichever build it comes from. */
export type TensorFlow = typeof import('@tensorflow/tfjs');
