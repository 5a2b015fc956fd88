import * as vscode from 'vscode';
import { labelText, noticeText } from './shown-text';

/** The only way to notifications and the status bar's messages: names of files and layers in them stay text. */

/** Shows a notification. @returns the button that was chosen */
export function showInformation(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(noticeText(message), ...buttons);
}

/** The same for what went otherwise than wanted. */
export function showWarning(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(noticeText(message), ...buttons);
}

/** The same for what went wrong. */
export function showError(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(noticeText(message), ...buttons);
}

/** Asks before something is done, in the way of everything else. @returns the button that was chosen */
export function askFirst(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(noticeText(message), { modal: true }, ...buttons);
}

const statusMilliseconds = 10_000;

/** Shows a message in the status bar for a while. */
export function showInStatusBar(message: string): void {
  vscode.window.setStatusBarMessage(labelText(message), statusMilliseconds);
}
