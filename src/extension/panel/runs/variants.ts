import type { CallFollower } from '../../../engine/host/engine-process';
import { VariantRun } from '../../../engine/host/studies/variants';
import type { CallProgress } from '../../../engine/protocol/calls';
import { usualRecovery } from '../../../engine/protocol/recovering';
import type { RunMaterial } from './material';
import { engineOptions } from './options';
import type { RunProgress } from './progress';

/** What measures fixed copies of the model. @param count copies that it will measure, the model as it is among them */
export function variantRun(material: RunMaterial, progress: RunProgress, count: number): VariantRun {
  const { engine, model, choices, input, images } = material;
  const { metric, pairs, seed } = choices;
  let finished = 0;
  const measuring = (variants: number): CallFollower<CallProgress<'measure-variants'>> => {
    const before = finished;
    finished += variants;
    return {
      signal: progress.signal,
      onProgress: (told) => {
        if (told.kind === 'started') progress.report(before / count, told.backend);
        else progress.report((before + told.done * variants) / count, undefined, told.label);
      },
    };
  };
  const recovering = (label: string): CallFollower<CallProgress<'recover'>> => ({
    signal: progress.signal,
    onProgress: () => {
      progress.report(finished / count, undefined, `recovering ${label}`);
    },
  });
  const engineChoices = engineOptions(material);
  const recovery =
    choices.recover && images.length > 0 ? { images, options: { ...usualRecovery, pairs: 0, seed, ...engineChoices } } : undefined;
  const { preprocessing, size, memoryBudgetBytes } = engineChoices;
  return new VariantRun(
    engine,
    model,
    // Images that a layer learned from are no judges: where copies are recovered, those that were held out are classified alone.
    { metric, preprocessing, size, input, images: recovery === undefined ? images : [], pairs, seed, memoryBudgetBytes, recovery },
    { measuring, recovering },
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
