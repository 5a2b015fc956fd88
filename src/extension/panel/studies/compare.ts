import type { CompareReport } from '../../../core/report/compare-report';
import { compareCsv } from '../../../core/report/csv';
import { blurFilter } from '../../../core/rewrite/filters';
import { compareFilters } from '../../../engine/host/studies/compare';
import type { RunMaterial } from '../runs/material';
import type { RunProgress } from '../runs/progress';
import { recovers, variantDependencies, variantRun } from '../runs/variants';
import { borderOf, type FixedCopiesOutcome } from './fixed-copies';
import type { Study } from './study';

/** The model as it is against itself fixed with each filter. */
export const compare: Study<'compare', FixedCopiesOutcome<CompareReport>> = {
  name: 'compare',
  command: 'compare',
  outcomeNoun: 'result',
  images: 'optional',

  dependencies: (material) => [...variantDependencies(material), material.choices.filters],
  run,
  messages: ({ report, border }) => [{ kind: 'compare', report, border }],
  report: ({ report }) => report,
  csv: ({ report }) => compareCsv(report),
};

async function run(material: RunMaterial, progress: RunProgress): Promise<FixedCopiesOutcome<CompareReport>> {
  const {
    choices: { filters },
    model,
  } = material;
  const recovered = recovers(material) ? filters.length : 0;
  const variants = variantRun(material, progress, { measured: 1 + filters.length + recovered, recovered });
  const report = await compareFilters(variants, filters, (filter) => model.findings(blurFilter(filter)));
  return { backend: report.backend, report, border: borderOf(material) };
}
