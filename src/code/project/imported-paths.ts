import type { LanguageFamily } from '../frameworks/table';

/** The modules, and names of modules, that a text imports, told by its text alone: nothing is parsed to know whether it is worth it. */
export function importedPaths(text: string, family: LanguageFamily): readonly string[] {
  return family === 'python' ? pythonPaths(text) : [...text.matchAll(specifierPattern)].flatMap(([, specifier]) => specifier ?? []);
}

const specifierPattern = /\b(?:from|import|require)\s{0,200}(?:\(\s{0,200})?["']([^"'\n]{1,1000})["']/g;
const fromPattern = /^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*(?:\(([^)]{0,10000})\)|([^\n#(]{0,1000}))/gm;
const importPattern = /^[ \t]*import[ \t]+([^\n#]{1,1000})/gm;

function pythonPaths(text: string): readonly string[] {
  const named = [...text.matchAll(fromPattern)].flatMap(([, module = '', bracketed, plain]) => {
    const prefix = module.endsWith('.') ? module : `${module}.`;
    return namesIn(bracketed ?? plain ?? '').map((name) => (name === '*' ? module : prefix + name));
  });
  return [...named, ...[...text.matchAll(importPattern)].flatMap(([, list = '']) => namesIn(list))];
}

/** `a, b as c`: what is imported, not what it is called. */
function namesIn(list: string): readonly string[] {
  return list
    .replace(/#[^\n]*/g, '')
    .split(',')
    .flatMap((name) => /^\s*([.\w*]+)/.exec(name)?.[1] ?? []);
}
