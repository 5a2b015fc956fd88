import type { FeatureMaps } from '../../core/equivariance/measure/feature-maps';
import type { FeaturesView, WantedFeatures } from '../../panel-protocol/messages';

/** The feature maps that a page looks at: at most one request runs, each new one ending the one before. */
export class PanelFeatures {
  private running: AbortController | undefined;

  constructor(
    private readonly measure: (wanted: WantedFeatures, signal: AbortSignal) => Promise<FeatureMaps>,
    private readonly onChange: (view: FeaturesView) => void,
  ) {}

  /** Resolves when they have been sent, or why not; never rejects. */
  async show(wanted: WantedFeatures): Promise<void> {
    this.cancel();
    const { signal } = (this.running = new AbortController());
    this.onChange({ state: 'running', wanted });
    const view = await this.measure(wanted, signal).then(
      (maps): FeaturesView => ({ state: 'shown', wanted, maps }),
      (error: unknown): FeaturesView => ({ state: 'failed', wanted, message: error instanceof Error ? error.message : String(error) }),
    );
    if (!signal.aborted) this.onChange(view);
  }

  cancel(): void {
    this.running?.abort();
  }
}
