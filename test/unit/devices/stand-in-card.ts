import type { CircularModel } from '../../../src/core/equivariance/walk/circular-model';
import type { GpuEngine } from '../../../src/engine/runtimes/devices/gpu-engine';
import type { Engine } from '../../../src/engine/runtimes/engine';
import { batchSize, type Batches } from '../../../src/engine/runtimes/one-by-one';

/** What a stand-in for a graphics card does wrong. */
export interface Faults {
  /** Opening a model fails with this. */
  readonly opening?: string;
  /** The runs from this one on fail with the message. */
  readonly failing?: { readonly from: number; readonly message: string };
  /** All values of maps are multiplied by it. */
  readonly maps?: number;
  /** All products of sums are multiplied by it. */
  readonly products?: number;
  /** Batches of more images than this lack their last one. */
  readonly room?: number;
  /** The runs from this one on give zeros, without an error. */
  readonly zerosFrom?: number;
  /** Closing a model fails. */
  readonly closing?: string;
}

/** How a stand-in was used. */
export interface CardUse {
  readonly engine: GpuEngine;
  /** Of runs on it so far. */
  readonly runs: () => number;
  readonly isOpen: () => boolean;
}

/** The processor's engine posing as a graphics card with faults. */
export function standInCard(processor: Engine, faults: Faults): CardUse {
  let [runs, open] = [0, 0];
  const began = (): void => {
    runs++;
    if (faults.failing !== undefined && runs >= faults.failing.from) throw new Error(faults.failing.message);
  };
  const now = (): Faults => (runs >= (faults.zerosFrom ?? Infinity) ? { ...faults, maps: 0, room: 0 } : faults);
  const card = (model: CircularModel): CircularModel => ({
    async runLevel(level, feeds) {
      began();
      return wrong(await model.runLevel(level, feeds), feeds, now());
    },
    async runSums(level, feeds, wanted) {
      began();
      const { maps, sums } = await model.runSums!(level, feeds, wanted);
      const products = faults.products ?? 1;
      return {
        maps: wrong(maps, feeds, now()),
        sums: new Map(
          [...sums].map(([tensor, each]) => {
            const squares = short(each.squares, each.images, now());
            return [tensor, { images: each.images, squares, products: short(each.products, each.images, now()).map((v) => v * products) }];
          }),
        ),
      };
    },
    runLimits: { bytes: 2 ** 20, multiplyAdds: 1e9 },
    async dispose() {
      open--;
      await model.dispose();
      if (faults.closing !== undefined) throw new Error(faults.closing);
    },
  });
  const engine: GpuEngine = {
    adapter: 'Stand-in, driver 1.2',
    backend: 'ONNX Runtime WebGPU (Stand-in, driver 1.2)',
    threads: 1,
    notesOfRun: () => [],
    async openCircular(model, plan) {
      if (faults.opening !== undefined) throw new Error(faults.opening);
      open++;
      return card(await processor.openCircular(model, plan));
    },
    run: () => Promise.reject(new Error('single runs are for the processor')),
  };
  return { engine, runs: () => runs, isOpen: () => open > 0 };
}

function wrong(maps: Batches, feeds: Batches, faults: Faults): Batches {
  const factor = faults.maps ?? 1;
  return new Map(
    [...maps].map(([name, { data, dims }]) => [name, { data: short(data, batchSize(feeds), faults).map((v) => v * factor), dims }]),
  );
}

/** As memory that is too small leaves it: zeros where the last image should be. */
function short<Numbers extends Float32Array | Float64Array>(data: Numbers, images: number, { room = Infinity }: Faults): Numbers {
  const copy = data.slice() as Numbers;
  if (images > room) copy.fill(0, ((images - 1) * data.length) / images);
  return copy;
}
