import * as tf from '@tensorflow/tfjs';
import { weightsOf, type MemoryModel } from '../tfjs-files';

/** Saves a model the way tfjs writes it to disk. */
export async function saveModel(model: tf.LayersModel, indent?: number): Promise<MemoryModel> {
  let saved: MemoryModel | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      const text = JSON.stringify(
        {
          format: 'layers-model',
          generatedBy: 'TensorFlow.js',
          modelTopology: artifacts.modelTopology,
          weightsManifest: [{ paths: ['weights.bin'], weights: artifacts.weightSpecs }],
        },
        null,
        indent,
      );
      saved = { text, files: new Map([['weights.bin', new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData))]]) };
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
    }),
  );
  return saved!;
}

/** Loads it into stock tfjs: no custom class is registered. */
export async function loadModel(model: MemoryModel): Promise<tf.LayersModel> {
  const { modelTopology } = JSON.parse(model.text) as tf.io.ModelJSON;
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, ...weightsOf(model) }));
}
