import * as vscode from 'vscode';
import type { StudyChoices } from '../../../panel-protocol/inputs';
import { choicesFrom, defaultChoices } from './choices';

/** What the studies of one model run with, remembered in the workspace. */
export interface StudyInputs {
  /** Address of the image; null for the built-in test pattern. */
  readonly image: string | null;
  /** Path of a folder of images; null until one is chosen. */
  readonly folder: string | null;
  readonly choices: StudyChoices;
}

const memoryPrefix = 'shiftlint.inputs:';

/** Inputs of every model, kept with the workspace. */
export class StudyMemory implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  /** Fires after the inputs of a model were kept. */
  readonly onDidKeep = this.changes.event;

  constructor(private readonly state: vscode.Memento) {}

  recall(model: vscode.Uri): StudyInputs {
    const kept = this.state.get<Partial<Record<keyof StudyInputs, unknown>>>(memoryPrefix + model.toString()) ?? {};
    return {
      image: typeof kept.image === 'string' ? kept.image : null,
      folder: typeof kept.folder === 'string' ? kept.folder : null,
      choices: choicesFrom(kept.choices, defaultChoices),
    };
  }

  async keep(model: vscode.Uri, inputs: StudyInputs): Promise<void> {
    await this.state.update(memoryPrefix + model.toString(), inputs);
    this.changes.fire(model);
  }

  dispose(): void {
    this.changes.dispose();
  }
}
