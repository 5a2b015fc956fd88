const specifiersOf = /\b(?:from|import|require)\s*(?:\(\s*)?["'`]([^"'`\n]*)["'`]/g;

/** The package that a document takes TensorFlow.js from: `@tensorflow/tfjs-node`, an address; `@tensorflow/tfjs` where unclear. */
export function tfjsSpecifier(text: string): string {
  const specifiers = Array.from(text.matchAll(specifiersOf), ([, specifier = '']) => specifier);
  return specifiers.find((specifier) => /@tensorflow\/tfjs(?:-node(?:-gpu)?)?(?:$|@|\/)/.test(specifier)) ?? '@tensorflow/tfjs';
}
