import type { FilePlace, SourceRange } from '../finding';
import type { Value } from './values/value';

/** The modules of the workspace, as evaluating a source asks for them. */
export interface Modules {
  /** The file whose code an offset lies in. */
  fileAt(offset: number): string;
  /** What a dotted path stands for where `from` imports it; undefined for what no file of the workspace defines. */
  find(path: string, from: string): Value | undefined;
  /** The names that `from path import *` binds; undefined for a module outside of the workspace. */
  all(path: string, from: string): ReadonlyMap<string, Value> | undefined;
  /** True where what the path stands for may lead to a layer. */
  leadsToLayer(path: string, from: string): boolean;
  /** Libraries of which the modules that were asked for import everything. */
  readonly wildcards: ReadonlySet<string>;
  /** Text and place of a range outside of the judged document. */
  textOf(range: SourceRange): string;
  placeOf(range: SourceRange): FilePlace;
}
