/** What of a notebook cell is Python. */
export interface PythonOfCell {
  /** Characters at the cell's start that are not: the line of a `%%time`. */
  readonly skipped: number;
  /** The rest, as long as it stands in the cell. */
  readonly text: string;
}

/** Cell magics whose body still runs as Python in the notebook's own namespace. */
const transparentMagics = /^%%(?:time|timeit|capture|prun|memit|mprun|lprun|snakeviz|debug|skip_if|heat|scalene|wandb|autoreload)\b/;

/**
 * Lines for IPython rather than Python: `%magic`, `!command`, `?name`, `name?`. A space behind `%` or an `=` behind `!` is the
 * operator of an expression that began on the line before.
 */
const magicLine = /^([ \t]*)(?:%{1,2}[A-Za-z]|!(?!=)|\?|[\w.]+\?{1,2}[ \t]*\r?$)/;

/** `files = !ls` and `seconds = %timeit f()`. */
const assignedMagic = /^[\w., \t]+=[ \t]*(?=![^=]|%[A-Za-z])/;

/**
 * Blanks what IPython handles by itself, so that a Python parser reads the cell; offsets stay as they are. Undefined for
 * a cell in another language (`%%bash`, `%%writefile`, ...).
 */
export function pythonOfCell(cell: string): PythonOfCell | undefined {
  const lines = cell.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  let skipped = 0;
  if (lines[first]?.startsWith('%%') === true) {
    if (!transparentMagics.test(lines[first])) return undefined;
    skipped = Math.min(cell.length, lines.slice(0, first + 1).join('\n').length + 1);
    lines.splice(0, first + 1);
  }
  let continues = false;
  const blanked = lines.map((line) => {
    const isMagic = continues || magicLine.test(line);
    const assigned = isMagic ? null : assignedMagic.exec(line);
    continues = (isMagic || assigned !== null) && /\\[ \t]*\r?$/.test(line);
    if (isMagic) return blank(line);
    return assigned === null ? line : assigned[0] + blank(line.slice(assigned[0].length));
  });
  return { skipped, text: blanked.join('\n') };
}

/** Of equal length: a comment, behind indentation a statement, lest a block that holds nothing else be a syntax error. */
function blank(line: string): string {
  if (line.trim() === '') return line;
  const ending = line.endsWith('\r') ? '\r' : '';
  const indentation = /^[ \t]*/.exec(line)?.[0] ?? '';
  const length = line.length - indentation.length - ending.length;
  return `${indentation}${(indentation === '' ? '' : '0').padEnd(length, '#')}${ending}`;
}
