import { VariantRun } from '../../../engine/host/studies/variants';
import { usualRecovery } from '../../../engine/protocol/recovering';
import type { RunMaterial } from './material';
import { engineOptions } from './options';
import type { RunProgress } from './progress';
import { variantFollowers, type VariantWork } from './variant-progress';

/** Whether a run gives fixed copies new weights before it measures them. */
export function recovers({ choices, images }: Pick<RunMaterial, 'choices' | 'images'>): boolean {
  return choices.recover && images.length > 0;
}

/** What measures fixed copies of the model. @param work that it will do */
export function variantRun(material: RunMaterial, progress: RunProgress, work: VariantWork): VariantRun {
  const { engine, model, choices, input, images } = material;
  const { metric, pairs, seed } = choices;
  const engineChoices = engineOptions(material);
  const recovery = recovers(material) ? { images, options: { ...usualRecovery, pairs: 0, seed, ...engineChoices } } : undefined;
  const { preprocessing, size, memoryBudgetBytes } = engineChoices;
  return new VariantRun(
    engine,
    model,
    // Images that a layer learned from are no judges: where copies are recovered, those that were held out are classified alone.
    { metric, preprocessing, size, input, images: recovery === undefined ? images : [], pairs, seed, memoryBudgetBytes, recovery },
    variantFollowers(progress, work),
  );
}

/** What the figures of fixed copies depend on beyond what every result depends on. */
export function variantDependencies({
  digests: { image, folder },
  settings: { plan, ignoreLayers, severities },
  choices: { metric, pairs, seed, recover },
}: Pick<RunMaterial, 'digests' | 'settings' | 'choices'>): readonly unknown[] {
  return [metric, image, folder, pairs, seed, recover, plan, ignoreLayers, severities];
}
