import { flax } from './flax/flax';
import type { BlurLibrary, Framework } from './framework';
import { keras } from './keras/keras';
import type { BlurTemplate, FrameworkTable, LanguageFamily } from './table';
import { tensorflow } from './tensorflow/tensorflow';
import { tfjs } from './tfjs/tfjs';
import { torch } from './torch/torch';

/** All frameworks. A new one is its folder and its name here; libraries that fixes use by themselves are tried in this order. */
const frameworks: readonly Framework[] = [torch, keras, tensorflow, flax, tfjs];

/** The framework that a call belongs to. @throws Error for a name that no framework has */
export function frameworkNamed(id: string): Framework {
  const found = frameworks.find(({ table }) => table.id === id);
  if (found === undefined) throw new Error(`No framework is called "${id}".`);
  return found;
}

/** What the names of a language's frameworks mean. */
export function tablesOf(family: LanguageFamily): readonly FrameworkTable[] {
  return frameworks.map(({ table }) => table).filter(({ languages }) => languages.includes(family));
}

/** Our BlurPool modules for a language, each once. */
export function templatesOf(family: LanguageFamily): readonly BlurTemplate[] {
  const templates = new Map(tablesOf(family).flatMap((table) => table.templates.map((template) => [template.module, template])));
  return [...templates.values()];
}

/** Packages whose BlurPool a fix can use in place of our module. */
export const foreignLibraries: readonly BlurLibrary[] = frameworks.flatMap(({ libraries }) => libraries);
