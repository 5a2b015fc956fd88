import type { Draft, Workplace } from '../fix/draft';
import type { FrameworkTable } from './table';

/** Everything that one framework brings: its folder holds all of it, and the registry has a line for it. */
export interface Framework {
  readonly table: FrameworkTable;
  /** Packages beside our own module whose BlurPool a fix can use. */
  readonly libraries: readonly BlurLibrary[];
  /** How a slice that picks samples is written as a blur of our module; null where programs have no such slices. */
  readonly slices: SliceWriter | null;
  /** The blur for a flagged call of this framework, or why there is none. */
  draft(work: Workplace): Draft;
}

/** A function of our module that keeps what a slice keeps: `blur_pool2d(x, stride=2)` for `x[:, :, ::2, ::2]`. */
export interface SliceWriter {
  /** Our module, by what the document imports. */
  template(document: string): string;
  /** The function for a number of image axes. */
  name(dimensions: number): string;
  /** Name of its stride. */
  readonly stride: string;
}

/** A package with a BlurPool of its own. */
export interface BlurLibrary {
  /** As imports, requirements and the settings name it. */
  readonly name: string;
  /** True where it is used without being asked for in a project that has it already. */
  readonly isWelcome: boolean;
  /** What a title has to say about a fix by it, with a space before it: what it adds or forbids. Then our own module is offered too. */
  readonly remark: string;
}
