/** Sentences one after the other, empty ones left out. The full stop of Chinese brings the room behind it along. */
export function sentences(...texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .reduce((said, text) => (said === '' || said.endsWith('。') ? `${said}${text}` : `${said} ${text}`), '');
}
