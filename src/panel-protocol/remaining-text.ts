import { t } from '@vscode/l10n';

/** How long something still takes, no finer than an estimate is. */
export function remainingText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 5) return t`a few seconds left`;
  if (seconds < 55) return t`about ${Math.ceil(seconds / 5) * 5} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? t`about ${minutes} min left` : t`about ${Math.ceil(minutes / 60)} h left`;
}
