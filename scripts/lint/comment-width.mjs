/** The widest line that the formatter writes; it leaves comments alone, so this rule looks after them. */
const width = 140;

/**
 * The lint rule `shiftlint/comment-width`.
 * @type {import('eslint').Rule.RuleModule}
 */
export const commentWidth = {
  meta: { type: 'layout', schema: [] },
  create(context) {
    const { lines, ast } = context.sourceCode;
    return {
      Program() {
        for (const { loc } of ast.comments) {
          for (let line = loc?.start.line ?? 1; line <= (loc?.end.line ?? 0); line++) {
            if ((lines[line - 1] ?? '').length > width)
              context.report({ loc: { line, column: width }, message: `This comment is wider than ${width} characters: break the line.` });
          }
        }
      },
    };
  },
};
