import type { FeatureMaps } from '../../../core/equivariance/measure/feature-maps';
import type { FeaturesView, WantedFeatures } from '../../../panel-protocol/studies/features';
import { engineOptions } from '../runs/options';
import type { RunMaterial } from '../runs/material';

/** Channels sent to a page at a time; it shows fewer, and need not ask for each of its pages. */
const sentChannels = 32;

/** What the study of feature maps runs with. */
export type FeatureMaterial = Pick<RunMaterial, 'engine' | 'model' | 'choices' | 'input' | 'settings'>;

/**
 * The study of the feature maps behind one value of a heatmap. It has no bar of its own and nothing of it is kept or
 * exported: the page asks for what it looks at. At most one run goes on, each new one ending the one before.
 */
export class FeatureStudy {
  private running: AbortController | undefined;

  constructor(
    private readonly gather: () => Promise<FeatureMaterial>,
    private readonly onChange: (view: FeaturesView) => void,
  ) {}

  /** Resolves when they have been sent, or why not; never rejects. */
  async show(wanted: WantedFeatures): Promise<void> {
    this.cancel();
    const { signal } = (this.running = new AbortController());
    this.onChange({ state: 'running', wanted });
    const view = await this.gather()
      .then((material) => run(material, wanted, signal))
      .then(
        (maps): FeaturesView => ({ state: 'shown', wanted, maps }),
        (error: unknown): FeaturesView => ({ state: 'failed', wanted, message: error instanceof Error ? error.message : String(error) }),
      );
    if (!signal.aborted) this.onChange(view);
  }

  cancel(): void {
    this.running?.abort();
  }
}

/** Under the circular protocol whatever the choices say. @throws ModelError, EngineError */
async function run(material: FeatureMaterial, { layer, shift, first }: WantedFeatures, signal: AbortSignal): Promise<FeatureMaps> {
  const { engine, model, choices, input } = material;
  const options = {
    metric: choices.metric,
    ...engineOptions(material),
    layer,
    shift,
    channels: { first, count: sentChannels },
  };
  const { maps } = await engine.call('features', { model: model.sent, input, options }, { signal });
  // What arrives are views of a longer message, all of which an editor would send on.
  return { ...maps, original: maps.original.slice(), shifted: maps.shifted.slice() };
}
