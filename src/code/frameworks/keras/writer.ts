import { ownName, type Workplace } from '../../fix/draft';
import { aroundByFunction } from '../../fix/recipes/blur-function';
import {
  dimensionsOf,
  filterArgument,
  formatArgument,
  refusesNoPool,
  type BlurLayer,
  type BlurWriter,
} from '../../fix/recipes/blur-writer';
import { sameKernelArgument } from '../../fix/recipes/same-kernel';

/** `BlurPool2D(strides=2)`, of Keras or of tf.keras; the operations of `keras.ops` go with a function. */
export function writerWith(template: string): BlurWriter {
  const layer = (work: Workplace, stride: string): BlurLayer => {
    const name = ownName(work, template, `BlurPool${dimensionsOf(work)}D`);
    return { text: `${name.local}(strides=${stride}${filterArgument(work)}${formatArgument(work)}${sameKernelArgument(work)})`, name };
  };
  return {
    template,
    dropIn: ({ role, form, dimensions }) => (form === 'layer' ? `${role === 'max-pool' ? 'Max' : 'Avg'}BlurPool${dimensions}D` : null),
    poolRefusal: refusesNoPool,
    layer,
    around: (work, stride) => {
      if (work.site.callable.form === 'operation') return aroundByFunction(work, template, stride);
      const { text, name } = layer(work, stride);
      return { before: `${text}(`, after: ')', name };
    },
    filterArgument,
  };
}
