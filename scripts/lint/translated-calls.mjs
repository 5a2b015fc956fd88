import { literalsOf, toTranslate } from './translated.mjs';

/** Functions that show what they are given, and those whose second argument is a message. */
const shows = new Set(['showInformation', 'showWarning', 'showError', 'showInStatusBar', 'askFirst', 'commandAction', 'visibleText']);
const carries = new Set(['ModelError']);

/** What VS Code shows of the objects that it is given. */
const shownProperties = new Set(['title', 'openLabel', 'label', 'description', 'detail', 'tooltip', 'placeHolder', 'text', 'message']);

/** Names, which are the same in every language. */
const names = /^(?:\$\([\w-]+\) ?)?(?:Shiftlint|JSON|CSV)?$/;

/**
 * The lint rule `shiftlint/translated-calls`: words that the editor is given to show stand in `t`, so that they have a
 * translation.
 * @type {import('eslint').Rule.RuleModule}
 */
export const translatedCalls = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    /** @param {import('estree').Node | undefined} value */
    const check = (value) => {
      for (const { node, text } of value === undefined ? [] : literalsOf(/** @type {import('estree').Expression} */ (value))) {
        if (/\p{L}{2,}/u.test(text) && !names.test(text)) context.report({ node, message: toTranslate(text) });
      }
    };
    return {
      CallExpression({ callee, arguments: values }) {
        if (callee.type === 'Identifier' && shows.has(callee.name)) check(values[0]);
      },
      NewExpression({ callee, arguments: values }) {
        if (callee.type === 'Identifier' && carries.has(callee.name)) check(values[1]);
      },
      Property({ key, value, computed }) {
        if (!computed && key.type === 'Identifier' && shownProperties.has(key.name)) check(value);
      },
      AssignmentExpression({ left, right }) {
        if (left.type !== 'MemberExpression' || left.computed || left.property.type !== 'Identifier') return;
        if (shownProperties.has(left.property.name)) check(right);
      },
    };
  },
};
