import type { RequestHandlers } from '../../../engine/host/client';
import { VariantRun } from '../../../engine/host/studies/variants';
import type { RunMaterial } from './material';
import { engineOptions } from './options';
import type { RunProgress } from './progress';

/** What measures fixed copies of the model. @param count copies that it will measure, the model as it is among them */
export function variantRun(material: RunMaterial, progress: RunProgress, count: number): VariantRun {
  const { engine, model, choices, input, images } = material;
  const { metric, pairs, seed } = choices;
  let finished = 0;
  const handlers = (variants: number): RequestHandlers => ({
    signal: progress.signal,
    onEvent: (event) => {
      if (event.kind === 'started') progress.report(finished / count, event.backend);
      else if (event.kind === 'progress') progress.report((finished + event.done * variants) / count, undefined, event.label);
      else if (event.kind === 'variants') finished += variants;
    },
  });
  const { preprocessing, size, memoryBudgetBytes } = engineOptions(material);
  return new VariantRun(engine, model, { metric, preprocessing, size, input, images, pairs, seed, memoryBudgetBytes }, handlers);
}

/** What the figures of fixed copies depend on beyond what every result depends on. */
export function variantDependencies({
  digests: { image, folder },
  settings: { plan, ignoreLayers, severities },
  choices: { metric, pairs, seed },
}: Pick<RunMaterial, 'digests' | 'settings' | 'choices'>): readonly unknown[] {
  return [metric, image, folder, pairs, seed, plan, ignoreLayers, severities];
}
