import { isDescription } from './descriptions/description';
import { tablesOf } from './frameworks/registry';
import type { FrameworkTable, LanguageFamily } from './frameworks/table';
import { importedPaths } from './project/imported-paths';
import type { SourceLanguage } from './protocol';

/** Packages that have layers to judge; what a name in the code stands for is found out later, by the parser. */
const pythonPackages = packagesOf('python').map((module) => module.split('.', 1)[0] ?? module);

const pythonImport = importOf(pythonPackages);

/** In an `import`, an `export ... from`, a `require` or an address on a content delivery network. */
const javascriptImport = new RegExp(
  `\\b(?:from|import|require)\\s{0,200}(?:\\(\\s{0,200})?["'\`][^"'\`\\n]{0,1000}(?:${anyOf(packagesOf('javascript'))})`,
);

/** Cheap look for an import of a supported framework, or for the rows of a description: nothing is loaded before there is one. */
export function importsFramework(text: string, language: SourceLanguage): boolean {
  if (language === 'yaml') return isDescription(text);
  return (language === 'python' ? pythonImport : javascriptImport).test(text);
}

/** The modules, and names of modules, that a program imports, told by its text alone; nothing for a description. */
export function importsOf(text: string, language: SourceLanguage): readonly string[] {
  return language === 'yaml' ? [] : importedPaths(text, language === 'python' ? 'python' : 'javascript');
}

/** The framework that a Python program imports and that has a recovery script of ours; undefined where none has. */
export function recoverableFramework(text: string): FrameworkTable | undefined {
  return tablesOf('python').find(
    (table) =>
      table.recovery !== undefined && importOf(packagesOfTables([table]).map((module) => module.split('.', 1)[0] ?? module)).test(text),
  );
}

/** True where a script takes its packages by `require` and never by `import`. */
export function usesRequire(text: string): boolean {
  return /\brequire\s*\(\s*["'`]/.test(text) && !/^[ \t]*(?:import\b(?!\s*[(.])|export\s)/m.test(text);
}

/** Modules of a language's frameworks that hold layers with a stride. */
function packagesOf(family: LanguageFamily): readonly string[] {
  return packagesOfTables(tablesOf(family));
}

function packagesOfTables(tables: readonly FrameworkTable[]): readonly string[] {
  return tables.flatMap(({ modules, callables }) => {
    const strided = callables.filter(({ stride, role }) => stride !== null && role !== 'blur');
    return modules.filter(([, canonical]) => strided.some(({ path }) => path.startsWith(`${canonical}.`))).map(([module]) => module);
  });
}

/** An import statement of Python that names one of some packages. */
function importOf(packages: readonly string[]): RegExp {
  const any = anyOf(packages);
  return new RegExp(`(?:^|[;:])[ \\t]*(?:from[ \\t]+(?:${any})\\b|import[ \\t][^\\n#;]{0,500}?(?<![.\\w])(?:${any})\\b)`, 'm');
}

function anyOf(words: readonly string[]): string {
  return [...new Set(words)].map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|');
}
