import { describe, expect, it } from 'vitest';
import { adviceCsv, compareCsv, consistencyCsv, measureCsv } from '../../../src/core/report/csv';
import type { AdviceReport, CompareReport } from '../../../src/core/report/compare-report';
import { consistencyReport } from '../../../src/core/report/consistency-report';
import type { MeasureReport } from '../../../src/core/report/measure-report';

const pool = { layer: 'node_pool', label: 'pool', node: 'node_pool', tensor: 'a,"b"' };
const size = { height: 8, width: 8 };

describe('tables', () => {
  it('of a measurement have a row per layer', () => {
    const report: MeasureReport = {
      model: 'm.onnx',
      backend: 'b',
      protocol: 'circular',
      metric: 'flat',
      input: size,
      omitted: [],
      notes: [],
      output: { name: null, map: null },
      layers: [
        {
          ...pool,
          name: 'a,"b"',
          op: 'MaxPool',
          shape: [3, 4, 2],
          spatialStride: [2, 4],
          period: [2, 4],
          step: [1, 1],
          mean: 0.5,
          min: -0.25,
          map: null,
        },
      ],
    };
    expect(measureCsv(report)).toBe(
      'label,node,tensor,op,channels,height,width,period_y,period_x,mean,min\r\npool,node_pool,"a,""b""",MaxPool,3,4,2,2,4,0.5,-0.25\r\n',
    );
  });

  it('of a folder have a row per image, and no formula', () => {
    const settings = {
      model: 'm',
      digest: '',
      backend: 'b',
      protocol: 'circular',
      input: size,
      preprocessing: 'unit',
      pairs: 2,
      seed: 0,
      largestShift: [2, 2],
      imageList: { count: 1, digest: '', labels: null },
    } as const;
    const row = { image: '=cmd|x.png', label: null, top: 3, pairs: 2, agreeing: 1, invariance: 0.75, correctShifts: null };
    expect(consistencyCsv(consistencyReport(settings, [], null, [row], [])).split('\r\n')[1]).toBe("'=cmd|x.png,,3,2,1,0.75,");
  });

  it('of a comparison have a column per variant', () => {
    const variant = { fixed: [], price: null, consistency: null, fidelity: null, recovery: null };
    const report: CompareReport = {
      model: 'm',
      backend: 'b',
      metric: 'flat',
      input: size,
      preprocessing: 'unit',
      layers: [pool],
      refused: [],
      notes: [],
      variants: [
        { ...variant, filter: 'none', means: [0.5] },
        { ...variant, filter: 'tri-3', means: [null], fidelity: { value: 0.5, low: 0, high: 1 } },
      ],
    };
    expect(compareCsv(report)).toBe(
      'label,node,tensor,none,tri-3\r\npool,node_pool,"a,""b""",0.5,\r\nmultiply_add_share,,,,\r\nconsistency,,,,\r\ninvariance,,,,\r\naccuracy,,,,\r\nfidelity,,,,0.5\r\n',
    );
  });

  it('of advice keep the ranking', () => {
    const fix = {
      ...pool,
      equivariance: 0.25,
      consistency: null,
      multiplyAddShare: 0.5,
      gainPerMultiplyAdd: 0.5,
      fidelity: 0.75,
      recovery: null,
    };
    const report: AdviceReport = {
      model: 'm',
      backend: 'b',
      metric: 'flat',
      filter: 'tri-3',
      lastSpatialLayer: pool,
      equivariance: 0.5,
      consistency: null,
      fixes: [fix],
      refused: [],
      best: null,
      notes: [],
    };
    expect(adviceCsv(report).split('\r\n')[1]).toBe('pool,node_pool,"a,""b""",0.25,,0.5,0.5,0.75');
  });
});
