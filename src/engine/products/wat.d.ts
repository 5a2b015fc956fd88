/** WebAssembly text, assembled when the program is built. */
declare module '*.wat' {
  const bytes: Uint8Array;
  export default bytes;
}

/** What we use of a global that TypeScript declares for browsers only. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  function instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
}
