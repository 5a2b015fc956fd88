/** WebAssembly text, assembled when the program is built. */
declare module '*.wat' {
  const bytes: Uint8Array;
  export default bytes;
}
