/** What we use of a global that TypeScript declares for browsers only. */
declare namespace WebAssembly {
  interface Module {
    readonly kind?: never;
  }
  const Module: new (bytes: Uint8Array) => Module;
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  function instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
}
