/** A file of the project and the names to follow from there. */
export interface ResolvedPath {
  readonly file: string;
  readonly names: readonly string[];
}
