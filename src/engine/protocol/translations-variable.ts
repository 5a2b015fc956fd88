/** Variable that names the file of translations for the messages of a process; without it they are English. */
export const translationsVariable = 'SHIFTLINT_TRANSLATIONS';
