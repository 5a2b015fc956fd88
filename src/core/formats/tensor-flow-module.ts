/** What TensorFlow puts in front of the names of a function that it has inlined, once or several times. */
const functionPrefix = /^(?:(?:Stateful)?PartitionedCall(?:_\d+)?\/)+/;

/**
 * Path of the Keras layer that a node of TensorFlow or tf2onnx was made from: `StatefulPartitionedCall/resnet/conv1/Conv2D` is of
 * `resnet/conv1`. Undefined for names that are no such path.
 */
export function tensorFlowModule(name: string): string | undefined {
  if (!functionPrefix.test(name)) return undefined;
  const scopes = name.replace(functionPrefix, '').split('/').slice(0, -1);
  return scopes.length === 0 ? undefined : scopes.join('/');
}
