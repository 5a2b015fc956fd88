import { SourcePlaces } from '../core/report/lint-report';
import type { JudgedCode, JudgedFile, SourceRange } from './finding';

/** What was found in a file, with lines and columns in the place of offsets: whoever shows it need not have the text. */
export function placeFindings({ findings, notices }: JudgedCode, text: string, file: string): JudgedFile {
  const places = new SourcePlaces(text);
  const at = ({ start, end }: SourceRange) => ({ start: places.at(start), end: places.at(end) });
  return {
    notices,
    findings: findings.map(({ rule, severity, message, range, related }) => ({
      rule,
      severity,
      message,
      ...at(range),
      related: related.map(({ range: own, message: why, elsewhere }) => ({ place: elsewhere ?? { file, ...at(own) }, message: why })),
    })),
  };
}
