import * as vscode from 'vscode';
import { registerGuarded } from '../platform/guarded-command';
import type { Log } from '../platform/log';
import type { Sample } from './sample';
import { openWalkthrough } from './walkthrough';

/** Registers the commands for the first steps. */
export function registerStart(sample: Sample, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    registerGuarded('openSample', log, () => sample.open()),
    registerGuarded('getStarted', log, () => openWalkthrough()),
  );
}
