/** A file of maps to write. */
export interface MapFile {
  readonly name: string;
  readonly encode: () => Uint8Array;
}
