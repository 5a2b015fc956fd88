import { visibleText } from '../../core/report/visible-text';

/** Text of a notification, where the editor makes links, also of commands, of `[text](target)`: those in names stay text. */
export function noticeText(text: string): string {
  return visibleText(text).replaceAll('](', '] (');
}

/** Text of a choice or of the status bar, where the editor makes pictures of `$(name)`: those in names stay text. */
export function labelText(text: string): string {
  return visibleText(text).replaceAll('$(', '\\$(');
}

/** Text within Markdown, of which it is no part itself. */
export function markdownText(text: string): string {
  return visibleText(text).replace(/[\\`*_[\]<>~$&]/g, '\\$&');
}

/** Lines of the output channel, whose breaks stay. */
export function logText(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}
