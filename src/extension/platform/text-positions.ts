import * as vscode from 'vscode';
import type { TextRange } from '../../core/formats/format';

/** Converts character offsets of a text that no editor holds open into editor ranges. */
export class TextPositions {
  private readonly lineStarts: readonly number[];

  constructor(text: string) {
    this.lineStarts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (end) => end.index + end[0].length)];
  }

  /** The range that covers `length` UTF-16 code units from `offset`. */
  range({ offset, length }: TextRange): vscode.Range {
    return new vscode.Range(this.position(offset), this.position(offset + length));
  }

  private position(offset: number): vscode.Position {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return new vscode.Position(low, offset - (this.lineStarts[low] ?? 0));
  }
}
