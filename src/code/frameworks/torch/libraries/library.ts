import type { Workplace } from '../../../fix/draft';
import type { BlurName } from '../../../fix/imports/blur-name';
import type { Callable } from '../../callable';
import type { BlurLibrary } from '../../framework';

/** What is known about a place when a library's blur is spelt for it. */
export interface LibraryPlace {
  readonly local: string;
  /** As text: `2`, `stride`. */
  readonly stride: string;
  /** Channels of the map as text; null where the call does not say. */
  readonly channels: string | null;
  /** Taps of the binomial filter. */
  readonly filterSize: number;
}

/** A library for PyTorch: all of them blur [N, C, H, W] by a binomial filter, by the same stride along both axes. */
export interface TorchLibrary extends BlurLibrary {
  /** What its names mean. */
  readonly callables: readonly Callable[];
  /** True where its blur gives as many samples as the strided layer did. */
  keepsSize(filterSize: number, largestStride: number): boolean;
  /** Its blur as the file calls it. */
  nameIn(work: Workplace): BlurName;
  /** The expression that makes the blur; null where the library needs to be told what the place does not. */
  spell(place: LibraryPlace): string | null;
}
