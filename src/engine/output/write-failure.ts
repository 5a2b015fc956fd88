import { t } from '@vscode/l10n';
import { ModelError } from '../../core/model-error';

/** What the system's errors mean to whoever wanted a file, as the end of a sentence that the file's name begins. */
const causes: Readonly<Record<string, string>> = {
  ENOSPC: t('the disk is full. Free some space, or write elsewhere'),
  EDQUOT: t('the disk quota is used up. Free some space, or write elsewhere'),
  EFBIG: t('the file would be larger than its file system allows. Write to another one'),
  EROFS: t('it lies on a read-only file system. Write elsewhere'),
  EACCES: t('the permissions of the file or its folder do not allow it. Change them, or write elsewhere'),
  EPERM: t('the system does not permit it: the file may be locked, in use or protected. Release it, or write elsewhere'),
  EBUSY: t('another program has it locked, or it is mounted there. Release it, or write elsewhere'),
  ETXTBSY: t('it is a program that runs. End it, or write elsewhere'),
  EAGAIN: t('another program has it locked. Close that program, or write elsewhere'),
  ENAMETOOLONG: t('its name is too long. Choose a shorter one'),
  EISDIR: t('it is a folder. Name a file'),
  ENOTDIR: t('a part of its path is a file, not a folder. Choose another path'),
  EEXIST: t('a file of that name has appeared meanwhile. Try again'),
  ENOENT: t('its folder went away meanwhile. Try again'),
  ELOOP: t('its path leads through links in a circle. Name the file itself'),
  EMFILE: t('too many files are open. Close some, and try again'),
  ENFILE: t('too many files are open. Close some programs, and try again'),
  EIO: t('the disk reports an error. Check it, or write elsewhere'),
  EINVAL: t('its name is none that the file system allows. Choose another one'),
  ERR_INVALID_ARG_VALUE: t('its name is none that a file can have. Choose another one'),
};

/** A refusal to write a file, or what became of an attempt; in each case nothing was changed. @param cause end of a sentence */
export function unwritable(file: string, cause: string): ModelError {
  return new ModelError('unwritable', t`"${file}" could not be written: ${cause}.`);
}

/** The sentence for what a file system threw; whatever else was thrown stays as it is. */
export function writeFailure(file: string, error: unknown): unknown {
  if (error instanceof ModelError || !(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  return unwritable(file, causes[code] ?? t`the system says ${code}`);
}
