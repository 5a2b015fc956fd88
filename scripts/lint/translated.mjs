/** Templates of the page, and what of them is seen or heard besides the text: attributes, and properties of our elements. */
const templates = new Set(['html', 'svg']);
const shownAttribute =
  /^\.?(?:title|label|placeholder|alt|description|aria-(?:label|description|roledescription|valuetext)|heading|summary|noun|opening|\w+Title)$/;

/** Units and names of shifts, the same in every language. */
const symbols = new Set(['px', 'ms', 'dy', 'dx']);

/**
 * The lint rule `shiftlint/translated`: words that a template shows stand in `t`, so that they have a translation.
 * @type {import('eslint').Rule.RuleModule}
 */
export const translated = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      TaggedTemplateExpression({ tag, quasi }) {
        if (tag.type !== 'Identifier' || !templates.has(tag.name)) return;
        for (const { node, text } of shownIn(quasi)) {
          if (hasWords(text)) context.report({ node, message: toTranslate(text) });
        }
      },
    };
  },
};

/**
 * What is said of words that have no translation.
 * @param {string} text
 */
export function toTranslate(text) {
  return `"${text.trim()}" is shown to the user: write it as t\`…\`, with its translation in l10n.`;
}

/** @param {string} text */
function hasWords(text) {
  const words = text.replace(/&#?\w+;/g, '').match(/\p{L}{2,}/gu) ?? [];
  return words.some((word) => !symbols.has(word));
}

/**
 * Every text that a template shows as it stands there.
 * @param {import('estree').TemplateLiteral} template
 * @returns {{ node: import('estree').Node, text: string }[]}
 */
function shownIn({ quasis, expressions }) {
  /** @type {Place} */
  let place = { in: 'text' };
  return quasis.flatMap((quasi, index) => {
    const read = readMarkup(quasi.value.raw, place);
    place = read.place;
    const expression = expressions[index];
    return [
      ...read.shown.map((text) => ({ node: quasi, text })),
      ...(expression !== undefined && isShown(place) ? literalsOf(expression) : []),
    ];
  });
}

/**
 * Where in the markup something stands; the quote round the value of an attribute is empty where there is none.
 * @typedef {{ in: 'text' } | { in: 'tag' } | { in: 'value', attribute: string, quote: string }} Place
 */

/** @param {Place} place */
function isShown(place) {
  return place.in === 'text' || (place.in === 'value' && shownAttribute.test(place.attribute));
}

/**
 * Reads the markup between two expressions.
 * @param {string} markup
 * @param {Place} from where it begins
 * @returns {{ shown: string[], place: Place }} the texts in it, and where it ends
 */
function readMarkup(markup, from) {
  const shown = [];
  let [place, rest] = [from, markup];
  while (rest !== '') {
    const read = readPiece(rest, place);
    if (isShown(place)) shown.push(read.text);
    [place, rest] = [read.next, rest.slice(read.length)];
  }
  return { shown, place };
}

/**
 * Reads to where the place changes.
 * @param {string} rest
 * @param {Place} place
 * @returns {{ text: string, length: number, next: Place }}
 */
function readPiece(rest, place) {
  if (place.in === 'text') {
    const text = /^(?:[^<]|<!--[^]*?-->)*/.exec(rest)?.[0] ?? '';
    const isAll = text.length === rest.length;
    return { text: text.replace(/<!--[^]*?-->/g, ''), length: text.length + (isAll ? 0 : 1), next: isAll ? place : { in: 'tag' } };
  }
  if (place.in === 'value') {
    const end = place.quote === '' ? rest.search(/[\s>]/) : rest.indexOf(place.quote);
    const text = end < 0 ? rest : rest.slice(0, end);
    return { text, length: text.length + (end < 0 ? 0 : place.quote.length), next: end < 0 ? place : { in: 'tag' } };
  }
  const piece = /^[^=>]*?(?:>|([^\s=>]+)=(["']?)|$)/.exec(rest);
  const [text = rest, attribute, quote = ''] = piece ?? [];
  const next = /** @type {Place} */ (
    attribute !== undefined ? { in: 'value', attribute, quote } : { in: text.endsWith('>') ? 'text' : 'tag' }
  );
  return { text: '', length: text.length, next };
}

/**
 * The texts that an expression may give as they stand there.
 * @param {import('estree').Expression} expression
 * @returns {{ node: import('estree').Node, text: string }[]}
 */
export function literalsOf(expression) {
  switch (expression.type) {
    case 'Literal':
      return typeof expression.value === 'string' ? [{ node: expression, text: expression.value }] : [];
    case 'TemplateLiteral':
      return expression.quasis.map(({ value }) => ({ node: expression, text: value.raw }));
    case 'ConditionalExpression':
      return [...literalsOf(expression.consequent), ...literalsOf(expression.alternate)];
    case 'LogicalExpression':
      return [...literalsOf(expression.left), ...literalsOf(expression.right)];
    default:
      return [];
  }
}
