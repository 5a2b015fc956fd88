import { refuse, templateOf, type Draft, type Workplace } from '../draft';
import { blurConvolution } from './convolution';
import { blurInFlaxSequence } from './flax-sequence';
import { blurOperationOfKeras } from './keras-operation';
import { replacePool } from './pool';
import { blurTorchLayer } from './torch';
import { blurPoolByLibrary } from './torch-library';

/** The blur for a flagged call, by its framework and what it is. */
export function draftBlur(work: Workplace): Draft {
  const { site } = work;
  const template = templateOf(site);
  if (template === null) return refuse('The tf_keras package has layers of its own kind, which no BlurPool module of Shiftlint goes with.');
  if (site.derived)
    return refuse(
      `${site.callee} is a class of this file that derives from a framework's layer: its own code decides what its stride does.`,
    );
  if (site.mixed) return refuse(`${site.callee} stands for several layers, whose arguments need not mean the same.`);
  const isPool = site.callable.role !== 'convolution';
  if (isPool && site.framework === 'keras' && site.callable.form === 'operation') return blurOperationOfKeras(work, template);
  if (isPool) return (site.framework === 'torch' ? blurPoolByLibrary(work) : null) ?? replacePool(work, template);
  if (site.framework === 'torch' && site.callable.form === 'layer') return blurTorchLayer(work);
  return (site.framework === 'flax' ? blurInFlaxSequence(work) : null) ?? blurConvolution(work, template);
}
