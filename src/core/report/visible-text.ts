/**
 * What a terminal, an editor or a log would act on instead of showing: control characters (ANSI escapes begin with one), line and paragraph
 * separators, marks that turn the direction of text, characters without width that hide in names, and halves of surrogate pairs.
 */
const hidden =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** How continuous integration is told to do something: `##vso[…]` and `##[…]` anywhere, `::error …::` on GitHub. */
const workflowCommand =
  /##(?=vso\[|\[)|::(?=(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning)\b)/gi;

/** Any word between colons at the start of a line is a command too: a token that `stop-commands` was given. */
const commandAtStart = /^(\s*):(?=:\S)/;

/**
 * The one way in which text that comes from a file, a name above all, is shown to people: on one line, with everything written out that
 * whoever shows it would act on. What is harmless stays as it is.
 */
export function visibleText(text: string): string {
  return text
    .replace(hidden, escaped)
    .replace(workflowCommand, (command) => `${escaped(command.charAt(0))}${command.slice(1)}`)
    .replace(commandAtStart, (_, spaces: string) => `${spaces}${escaped(':')}`);
}

/** The same for a report in JSON, whose values stay what they are: JSON has escapes of its own. */
export function visibleJson(json: string): string {
  return json
    .replace(hidden, (found) => (found === '\n' ? found : jsonEscaped(found)))
    .replace(workflowCommand, (command) => `${jsonEscaped(command.charAt(0))}${command.slice(1)}`);
}

function escaped(found: string): string {
  const code = found.codePointAt(0) ?? 0;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

function jsonEscaped(found: string): string {
  return Array.from({ length: found.length }, (_, index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}
