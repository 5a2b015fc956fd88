import { t } from '@vscode/l10n';
import type { TextEdit } from '../../core/formats/format';
import type { CodeLintOptions, FindingKey } from '../protocol';
import { ofDescription } from '../fix/disable';
import type { FixOffer } from '../finding';
import { withoutSuppressed } from '../judge/directives';
import { judge, type JudgedSite } from '../judge/judge';
import { descriptionSites } from './description-sites';

const refusal = t(
  'A row names a module that the project registers by itself: give the blurred layer a class in its modules, name it in parse_model (models/yolo.py of yolov5 and yolov7, nn/tasks.py of ultralytics), then write that name into this row.',
);

/** A model description in YAML, as YOLO projects have them. */
export class DescriptionDocument {
  constructor(private source: string) {}

  edit(edits: readonly TextEdit[]): void {
    for (const { offset, length, text } of edits) this.source = this.source.slice(0, offset) + text + this.source.slice(offset + length);
  }

  judged(options: CodeLintOptions): readonly JudgedSite[] {
    return withoutSuppressed(judge(descriptionSites(this.source), options), this.source);
  }

  /** No class of ours can stand in a row before the project has registered it. */
  offers({ rule, range }: FindingKey): FixOffer {
    return { fixes: ofDescription(this.source, range.start, rule), refusal };
  }
}
