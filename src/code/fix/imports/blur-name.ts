/** A name that a fix writes, and the import that it needs. */
export interface BlurName {
  /** `.blurpool_torch`, `timm.layers`, `./blurpool.js`. */
  readonly module: string;
  readonly exported: string;
  /** What the file calls it. */
  readonly local: string;
  /** True where the file has it already. */
  readonly isThere: boolean;
}
