import type { BlurTemplate } from '../../finding';
import { ownName, type Workplace } from '../draft';
import type { BlurName } from '../imports/blur-name';
import { formatOf } from '../placement/stride';

/** Text around an expression that blurs its value. */
export interface BlurAround {
  readonly before: string;
  readonly after: string;
  readonly name: BlurName;
}

/** An expression that makes a layer. */
export interface BlurLayer {
  readonly text: string;
  readonly name: BlurName;
}

/** How one framework writes a blur with our module. */
export interface BlurWriter {
  /** The layer, for containers and attributes; null where only operations on maps are blurred. */
  layer(work: Workplace, stride: string): BlurLayer | null;
  around(work: Workplace, stride: string): BlurAround;
}

/** `, filter_size=5` where the filter is not the default. */
export function filterArgument({ context, isPython }: Workplace): string {
  if (context.filterSize === 3) return '';
  return isPython ? `, filter_size=${context.filterSize}` : `, filterSize: ${context.filterSize}`;
}

function formatArgument(work: Workplace): string {
  const format = formatOf(work);
  return format === null ? '' : `, ${work.isPython ? 'data_format=' : 'dataFormat: '}${format.text}`;
}

function dimensionsOf({ site, finding }: Workplace): number {
  return site.callable.dimensions || finding.stride.length || 2;
}

/** `BlurPool2d(stride=2)`, `blur_pool2d(x, stride=2)`. */
export const torchWriter: BlurWriter = {
  layer: (work, stride) => {
    const name = ownName(work, 'torch', `BlurPool${dimensionsOf(work)}d`);
    return { text: `${name.local}(stride=${stride}${filterArgument(work)})`, name };
  },
  around: (work, stride) => {
    const name = ownName(work, 'torch', `blur_pool${dimensionsOf(work)}d`);
    return { before: `${name.local}(`, after: `, stride=${stride}${filterArgument(work)})`, name };
  },
};

/** `BlurPool2D(strides=2)`, of Keras or of tf.keras; the operations of `keras.ops` go with a function. */
export function kerasWriter(template: BlurTemplate): BlurWriter {
  const layer = (work: Workplace, stride: string): BlurLayer => {
    const name = ownName(work, template, `BlurPool${dimensionsOf(work)}D`);
    return { text: `${name.local}(strides=${stride}${filterArgument(work)}${formatArgument(work)})`, name };
  };
  return {
    layer,
    around: (work, stride) => {
      if (work.site.callable.form === 'operation') return functionAround(work, template, stride);
      const { text, name } = layer(work, stride);
      return { before: `${text}(`, after: ')', name };
    },
  };
}

/** `blur_pool(x, strides=2)`. */
export function functionWriter(template: BlurTemplate): BlurWriter {
  return { layer: () => null, around: (work, stride) => functionAround(work, template, stride) };
}

function functionAround(work: Workplace, template: BlurTemplate, stride: string): BlurAround {
  const name = ownName(work, template, 'blur_pool');
  return { before: `${name.local}(`, after: `, strides=${stride}${filterArgument(work)}${formatArgument(work)})`, name };
}

/** `blurPool2d({strides: 2})`, `blurPool2d({strides: 2}).apply(x)`, and `blurPool(x, 2)` for operations. */
export const tfjsWriter: BlurWriter = {
  layer: (work, stride) => (work.site.callable.form === 'layer' ? tfjsLayer(work, stride) : null),
  around: (work, stride) => {
    if (work.site.callable.form === 'layer') {
      const { text, name } = tfjsLayer(work, stride);
      return { before: `${text}.apply(`, after: ')', name };
    }
    const name = ownName(work, 'tfjs', 'blurPool');
    const filter = work.context.filterSize === 3 ? '' : `, ${work.context.filterSize}`;
    return { before: `${name.local}(`, after: `, ${stride}${filter})`, name };
  },
};

function tfjsLayer(work: Workplace, stride: string): BlurLayer {
  const name = ownName(work, 'tfjs', `blurPool${dimensionsOf(work)}d`);
  const strides = stride === 'strides' ? 'strides' : `strides: ${stride}`;
  const space = /\{ /.test(work.call.list.text) ? ' ' : '';
  return { text: `${name.local}({${space}${strides}${filterArgument(work)}${formatArgument(work)}${space}})`, name };
}

/** The writer of a framework. */
export function writerOf({ site: { framework } }: Workplace, template: BlurTemplate): BlurWriter {
  switch (framework) {
    case 'torch':
      return torchWriter;
    case 'keras':
      return kerasWriter(template);
    case 'tensorflow':
    case 'flax':
      return functionWriter(template);
    case 'tfjs':
      return tfjsWriter;
  }
}
