import { t } from '@vscode/l10n';
import { SourcePlaces } from '../../core/report/lint-report';
import type { CodeDocument } from '../document';
import type { LayerSite } from '../evaluate/sites/site';
import type { CodeFinding, FilePlace, FixContext, FixOffer } from '../finding';
import { offersFor } from './fix';

const notShown = t('The file that builds this layer does not show it as one call, so no fix can be made there.');

/**
 * What can be done about a finding in the file that builds its layers: a fix for each of them there, as if it were found there.
 *
 * @param document the file as it is now
 */
export function offersElsewhere(document: CodeDocument, file: string, finding: CodeFinding, context: FixContext): FixOffer {
  const sites = sitesByPlace(document);
  const offers = finding.builtAt
    .filter((place) => place.file === file)
    .map(({ start, end }): FixOffer => {
      const site = sites.get(keyOf({ start, end }));
      if (site === undefined) return { fixes: [], refusal: notShown };
      const { range, callee, kernel } = site;
      const { fixes, refusal } = offersFor(document, { site, finding: { ...finding, range, callee, kernel } }, context);
      const name = file.slice(file.lastIndexOf('/') + 1);
      const blurs = fixes.filter(({ kind }) => kind === 'blur');
      return { fixes: blurs.map((fix) => ({ ...fix, title: t`In ${name}, line ${start.line}: ${fix.title}` })), refusal };
    });
  const fixes = offers.flatMap((offer) => offer.fixes);
  const [refusal] = offers.flatMap((offer) => offer.refusal ?? []);
  return { fixes, refusal: fixes.length > 0 ? null : (refusal ?? notShown) };
}

/** The layers that a file builds itself, by where. */
function sitesByPlace(document: CodeDocument): ReadonlyMap<string, LayerSite> {
  const places = new SourcePlaces(document.text);
  const sites = document
    .evaluate()
    .sites.flat()
    .filter(({ builtAt }) => builtAt === null);
  return new Map(sites.map((site) => [keyOf({ start: places.at(site.range.start), end: places.at(site.range.end) }), site]));
}

function keyOf({ start, end }: Pick<FilePlace, 'start' | 'end'>): string {
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}
