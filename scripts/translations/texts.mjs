import typescript from 'typescript';

/**
 * Finds the texts that a source has translated: those of calls of `t` from `@vscode/l10n`, by the syntax tree.
 *
 * @typedef {object} SourceTexts
 * @property {readonly string[]} texts with {0} where a value stands, as the library looks them up
 * @property {readonly string[]} faults uses of `t` that nobody can translate, as sentences with their place
 */

const library = '@vscode/l10n';

/**
 * The texts of one source.
 * @param {string} file what faults call the source
 * @param {string} source TypeScript
 * @returns {SourceTexts}
 */
export function textsOf(file, source) {
  if (!source.includes(library)) return { texts: [], faults: [] };
  const tree = typescript.createSourceFile(file, source, typescript.ScriptTarget.ES2022, true);
  const texts = /** @type {string[]} */ ([]);
  const faults = /** @type {string[]} */ ([]);
  const fault = (/** @type {typescript.Node} */ node, /** @type {string} */ what) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    faults.push(`${file}:${line + 1}: ${what}`);
  };
  if (!importsTranslate(tree, fault)) return { texts, faults };

  /** @type {(node: typescript.Node) => void} */
  const visit = (node) => {
    if (typescript.isImportDeclaration(node)) return;
    if (typescript.isTaggedTemplateExpression(node) && isTranslate(node.tag)) {
      texts.push(textOfTemplate(node.template));
      typescript.forEachChild(node.template, visit);
      return;
    }
    if (typescript.isCallExpression(node) && isTranslate(node.expression)) {
      const [text, ...values] = node.arguments;
      if (text === undefined || !typescript.isStringLiteralLike(text)) fault(node, 'The text that t translates is no literal.');
      else {
        texts.push(text.text);
        const missing = placeholdersOf(text.text).filter((name) => values[Number(name)] === undefined);
        // A text without any value is one that its reader puts elements into.
        if (values.length > 0 && missing.length > 0) fault(node, `No value is given for {${missing.join('}, {')}} of “${text.text}”.`);
      }
      values.forEach(visit);
      return;
    }
    if (isTranslate(node) && isReference(node)) fault(node, 't is neither called nor the tag of a text.');
    typescript.forEachChild(node, visit);
  };
  visit(tree);
  return { texts, faults };
}

/**
 * The names between braces, each once, sorted.
 * @param {string} text
 */
export function placeholdersOf(text) {
  return [...new Set([...text.matchAll(/\{([^}]+)\}/g)].map(([, name]) => String(name)))].sort();
}

/** @type {(node: typescript.Node) => boolean} */
const isTranslate = (node) => typescript.isIdentifier(node) && node.text === 't';

/**
 * A property called `t` of something else is none of ours.
 * @type {(node: typescript.Node) => boolean}
 */
function isReference({ parent }) {
  return !(
    typescript.isPropertyAccessExpression(parent) ||
    typescript.isPropertyAssignment(parent) ||
    typescript.isPropertySignature(parent)
  );
}

/**
 * Whether a source has `t` from the library, under this name.
 * @param {typescript.SourceFile} tree
 * @param {(node: typescript.Node, what: string) => void} fault
 */
function importsTranslate(tree, fault) {
  let found = false;
  for (const statement of tree.statements) {
    if (!typescript.isImportDeclaration(statement) || !typescript.isStringLiteral(statement.moduleSpecifier)) continue;
    if (statement.moduleSpecifier.text !== library) continue;
    const names = statement.importClause?.namedBindings;
    if (names === undefined || !typescript.isNamedImports(names)) {
      fault(statement, `Import t from ${library} by its name.`);
      continue;
    }
    for (const { name, propertyName } of names.elements) {
      if ((propertyName ?? name).text !== 't') continue;
      if (name.text === 't') found = true;
      else fault(statement, 'Import t under its own name.');
    }
  }
  return found;
}

/** @type {(template: typescript.TemplateLiteral) => string} */
function textOfTemplate(template) {
  if (typescript.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce((text, { literal }, number) => `${text}{${number}}${literal.text}`, template.head.text);
}
