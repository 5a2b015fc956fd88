/**
 * What a folder does not stand for unless its `shiftlint.json` has an `exclude` of its own: the models of tests and documentation are not
 * the project's. Globs relative to the folder.
 */
export const defaultExclude: readonly string[] = [
  '**/{test,tests,__tests__,doc,docs}/**',
  '**/{test_*,*_test,conftest}.{py,pyi,ipynb}',
  '**/*.{test,spec}.{js,mjs,cjs,jsx,ts,mts,cts,tsx}',
];
