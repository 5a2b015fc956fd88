import type { AdviceReport } from '../../../core/report/compare-report';
import { adviceCsv } from '../../../core/report/csv';
import { adviseFixes } from '../../../engine/host/studies/advise';
import type { RunMaterial } from '../runs/material';
import type { RunProgress } from '../runs/progress';
import { recovers, variantDependencies, variantRun } from '../runs/variants';
import { borderOf, type FixedCopiesOutcome } from './fixed-copies';
import type { Study } from './study';

/** Which fixes gain the most for their price. */
export const advice: Study<'advice', FixedCopiesOutcome<AdviceReport>> = {
  name: 'advice',
  command: 'advise',
  outcomeNoun: 'result',
  images: 'optional',

  dependencies: (material) => [...variantDependencies(material), material.settings.filter.name, material.choices.within],
  run,
  messages: ({ report, border }) => [{ kind: 'advice', report, border }],
  report: ({ report }) => report,
  csv: ({ report }) => adviceCsv(report),
};

async function run(material: RunMaterial, progress: RunProgress): Promise<FixedCopiesOutcome<AdviceReport>> {
  const { model, settings, choices } = material;
  const findings = await model.findings(settings.filter);
  const fixes = new Set(findings.flatMap(({ fix }) => (fix.ok ? [fix.plan.layer] : [])));
  // Each fix alone, and the best of them together.
  const copies = fixes.size + 1;
  const variants = variantRun(material, progress, { measured: 1 + copies, recovered: recovers(material) ? copies : 0 });
  const report = await adviseFixes(variants, findings, settings.filter.name, choices.within / 100);
  return { backend: report.backend, report, border: borderOf(material) };
}
