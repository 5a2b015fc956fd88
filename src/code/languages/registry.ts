import type { SyntaxNode } from './syntax-node';
import type { LanguageTraits } from '../evaluate/run';
import type { Program } from '../program/program';
import type { CodeLanguage } from '../protocol';
import { lowerJavaScript } from './javascript/lower-program';
import { lowerPython } from './python/lower-program';
import type { UnitCache } from './unit-cache';

/** What a language brings besides its grammar. */
export interface LanguageSupport {
  readonly family: 'python' | 'javascript';
  readonly traits: LanguageTraits;
  lower(root: SyntaxNode, source: string, cache: UnitCache): Program;
}

/** How a language writes what a test compares with. */
function spelling(yes: string, no: string, nothing: string): LanguageTraits['spell'] {
  return (value) => {
    switch (value.kind) {
      case 'number':
        return String(value.value);
      case 'string':
        return `'${value.value}'`;
      case 'boolean':
        return value.value ? yes : no;
      case 'none':
        return nothing;
      default:
        return null;
    }
  };
}

const python: LanguageSupport = {
  family: 'python',
  traits: {
    constructorName: '__init__',
    explicitReceiver: true,
    callMethods: ['forward', 'call', '__call__'],
    spell: spelling('True', 'False', 'None'),
  },
  lower: lowerPython,
};

const javascript: LanguageSupport = {
  family: 'javascript',
  traits: {
    constructorName: 'constructor',
    explicitReceiver: false,
    callMethods: ['call', 'apply', 'forward'],
    spell: spelling('true', 'false', 'null'),
  },
  lower: lowerJavaScript,
};

/** How each grammar's trees are read. */
export const languageSupport: Readonly<Record<CodeLanguage, LanguageSupport>> = {
  python,
  javascript,
  typescript: javascript,
  tsx: javascript,
};
