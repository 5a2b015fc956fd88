/** What a key asks of the table of layers. */
export type TableKey = 'search' | 'leave' | 'next' | 'previous';

/** What a key asks for; undefined for others. @param isTyping whether it goes into a field, where letters are text */
export function tableKey(
  { key, ctrlKey, metaKey, altKey, shiftKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  isTyping: boolean,
): TableKey | undefined {
  if (altKey || shiftKey) return undefined;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'f' ? 'search' : undefined;
  if (isTyping) return key === 'Escape' ? 'leave' : undefined;
  switch (key.toLowerCase()) {
    case 'j':
      return 'next';
    case 'k':
      return 'previous';
    default:
      return undefined;
  }
}
