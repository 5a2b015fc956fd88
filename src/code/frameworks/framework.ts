import type { Draft, Workplace } from '../fix/draft';
import type { FrameworkTable } from './table';

/** Everything that one framework brings: its folder holds all of it, and the registry has a line for it. */
export interface Framework {
  readonly table: FrameworkTable;
  /** Packages beside our own module whose BlurPool a fix can use. */
  readonly libraries: readonly BlurLibrary[];
  /** The blur for a flagged call of this framework, or why there is none. */
  draft(work: Workplace): Draft;
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
