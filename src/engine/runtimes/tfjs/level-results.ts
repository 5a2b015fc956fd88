import type { Tensor } from '@tensorflow/tfjs';
import type { CircularModel, SummedRun, TensorBatch, WantedOfLevel } from '../../../core/equivariance/walk/circular-model';
import type { ResultBatch } from '../one-by-one';
import { productsOf, squaresOf } from '../summed-results';
import { isSummable, takeSums } from './map-sums';
import type { TensorFlow } from './tensorflow';
import { toBatch } from './tensor-exchange';

/** A model whose backend can take the sums of maps; worth it where maps are far away. */
export interface SummingModel extends CircularModel {
  sumLevel(...words: Parameters<SummedRun>): ReturnType<SummedRun>;
}

/** The same model, for a backend whose maps are far away or whose operations use all cores: only what is wanted leaves it. */
export function takingSums(model: SummingModel): CircularModel {
  return {
    runLevel: (...words) => model.runLevel(...words),
    runSums: (...words) => model.sumLevel(...words),
    dispose: () => model.dispose(),
  };
}

/** What a run of a level gives, collected tensor by tensor: maps, or their sums where these suffice. */
export class LevelResults {
  readonly given = new Map<string, ResultBatch>();

  /** @param wanted all fetches as they are without it */
  constructor(
    private readonly tf: TensorFlow,
    private readonly wanted: WantedOfLevel | undefined,
  ) {}

  /** @param turn how the map is turned as it leaves, where its axes have another order; its sums are then not taken */
  async take(name: string, tensor: Tensor, turn?: (batch: TensorBatch) => TensorBatch): Promise<void> {
    const reference = this.wanted?.references.get(name);
    const isSummed = reference !== undefined && isSummable(reference) && turn === undefined;
    if (isSummed) {
      const { squares, products } = await takeSums(this.tf, tensor, reference);
      this.given.set(squaresOf(name), squares);
      this.given.set(productsOf(name), products);
    }
    if (isSummed && this.wanted?.maps.includes(name) !== true) return;
    const batch = await toBatch(tensor);
    this.given.set(name, turn?.(batch) ?? batch);
  }
}
