import { t } from '@vscode/l10n';
import type { BorderChoice, FixPreview, PlanPrice } from './core/filters';
import type { ExplainedLayer } from './core/explain';
import type { AxisPair, ReceptiveField } from './core/geometry';
import type { NamedLayer } from './core/layer-names';
import type { Severity } from './core/severity';

/** One row of the Layers tab. */
export interface LayerRow extends NamedLayer {
  readonly op: string;
  readonly shape: string;
  /** One entry per spatial axis. */
  readonly stride: readonly number[] | null;
  readonly cumulativeStride: AxisPair | null;
  /** Null where it is not known. */
  readonly receptiveField: ReceptiveField | null;
  /** Numbers of its weights, as far as they stand in the files. */
  readonly parameters: number;
  /** For one image; null where a length is open. */
  readonly multiplyAdds: number | null;
  readonly finding: FindingView | null;
  /** What fixes of this window have made of it; null for a layer that none has touched. */
  readonly mark: LayerMark | null;
}

/** A layer that a fix has put in, or one whose stride a fix has taken. */
export type LayerMark = 'inserted' | 'fixed';

/** What was found at a layer, and what its fix would be. */
export interface FindingView {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly docsUrl: string;
  /** The layer as the Explain page shows it. */
  readonly explained: ExplainedLayer;
  /** Null where the layer can be fixed, else why not. */
  readonly notFixable: string | null;
  readonly fixNotes: readonly string[];
  /** What the fix costs; null where that is not known. */
  readonly price: PlanPrice | null;
  /** Share of the layer's own kernels' energy beyond the new sampling limit, 0 to 1. */
  readonly aliasedEnergy: number | null;
}

/** What the editor knows of the model; replaced whole after every change. Its layers follow, page by page. */
export interface ModelView {
  readonly fileName: string;
  readonly format: string;
  readonly producer: string;
  readonly layerCount: number;
  readonly findingCount: number;
  /** Layers a "fix all" would change. */
  readonly fixableCount: number;
  /** What it would do, in all; null where the file could not be read. */
  readonly fixAll: FixPreview | null;
  /** What may lie beside the maps that fixes blur. */
  readonly borders: readonly BorderChoice[];
  /** The image size that findings and fixes are for, where the model leaves its own open; null where they are for all that it takes. */
  readonly judgedSize: AxisPair | null;
  /** Set where the file could not be read; everything else is then empty. */
  readonly error: string | null;
  /** False in an untrusted workspace: measuring runs the model. */
  readonly mayMeasure: boolean;
}

/** Said wherever a fix is offered or has been made in the editor. */
export const recoveryOffer = t`"Fix and Recover…" wins back what the score loses: it needs a folder of images, without labels.`;

/** Why nothing is run where {@link ModelView.mayMeasure} is false. */
export const whyNotMeasured = t`Measuring runs the model: it needs a trusted workspace and a model on disk.`;
