import type { CodeDocument } from '../document';
import type { CodeFix, FixContext, FixOffer } from '../finding';
import type { JudgedSite } from '../judge/judge';

/** What can be done about one finding. */
export function offersFor(_document: CodeDocument, _judged: JudgedSite, _context: FixContext): FixOffer {
  return { fixes: [], refusal: null };
}

/** Every fix of a document as one, stems left out; null where there is none. */
export function fixAll(_document: CodeDocument, _judged: readonly JudgedSite[], _context: FixContext): CodeFix | null {
  return null;
}
