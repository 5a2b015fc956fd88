import { nothing, type SVGTemplateResult, type TemplateResult } from 'lit';
import { html, svg } from '../app/templates';
import { chartHeight, linePath, margin, placesInSight, plotWidth, xOf, yOf, type Geometry } from './geometry';
import { lineClass, type ChartSeries, type ChartStep } from './series';
import { roundTicks } from './value-axis';
import type { Span } from './zoom';

/** What is drawn of a chart. */
export interface DrawnChart {
  readonly geometry: Geometry;
  readonly series: readonly ChartSeries[];
  readonly steps: readonly ChartStep[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly cursor: number | null;
  /** The range that is being chosen, in places. */
  readonly chosen: Span | null;
}

/** A mark takes this many CSS pixels across, and places as far apart as this have points. */
const markWidth = 70;
const pointDistance = 14;

/** Axes with marks and titles, the lines, and what the user reads or chooses. */
export function drawChart({ geometry, series, steps, xTitle, yTitle, cursor, chosen }: DrawnChart): TemplateResult {
  const { width } = geometry;
  const bottom = chartHeight - margin.bottom;
  return html`
    <svg width=${width} height=${chartHeight} aria-hidden="true">
      <defs>
        <clipPath id="inside"><rect x=${margin.left} y="0" width=${plotWidth(width)} height=${bottom + 2}></rect></clipPath>
      </defs>
      ${drawValueAxis(geometry, yTitle)} ${drawPlaceAxis(geometry, xTitle)}
      <g clip-path="url(#inside)">
        ${steps.map(
          ({ place, label }) => svg`
          <path class="step" d="M${xOf(place - 0.5, geometry)} ${margin.top}V${bottom}"></path>
          <text class="step" x=${xOf(place - 0.5, geometry) + 3} y=${bottom - 4}>${label}</text>`,
        )}
        ${series.map((line, index) => svg`<path class="line ${lineClass(index)}" d=${linePath(line, geometry)}></path>${drawPoints(line, index, geometry)}`)}
        ${cursor === null ? nothing : drawCursor(cursor, series, geometry)} ${chosen === null ? nothing : drawChosen(chosen, geometry)}
      </g>
    </svg>
  `;
}

function drawValueAxis(geometry: Geometry, title: string): SVGTemplateResult {
  const { width, axis } = geometry;
  const middle = margin.top + (chartHeight - margin.top - margin.bottom) / 2;
  return svg`
    ${axis.values.map((value) => {
      const y = yOf(value, geometry);
      return svg`
        <path class="grid" d="M${margin.left} ${y}H${width - margin.right}"></path>
        <text x=${margin.left - 7} y=${y + 4} text-anchor="end">${value.toFixed(axis.digits)}</text>`;
    })}
    <path class="axis" d="M${margin.left} ${margin.top}V${chartHeight - margin.bottom}"></path>
    <text class="title" text-anchor="middle" transform="translate(13 ${middle}) rotate(-90)">${title}</text>`;
}

/** Places count from 1, as people do. */
function drawPlaceAxis(geometry: Geometry, title: string): SVGTemplateResult {
  const { width, span } = geometry;
  const bottom = chartHeight - margin.bottom;
  const { values } = roundTicks(span.first + 1, span.last + 1, Math.max(2, plotWidth(width) / markWidth), 1);
  return svg`
    <path class="axis" d="M${margin.left} ${bottom}H${width - margin.right}"></path>
    ${values.map((number) => {
      const x = xOf(number - 1, geometry);
      return svg`<path class="axis" d="M${x} ${bottom}v4"></path><text x=${x} y=${bottom + 17} text-anchor="middle">${number}</text>`;
    })}
    <text class="title" x=${margin.left + plotWidth(width) / 2} y=${chartHeight - 6} text-anchor="middle">${title}</text>`;
}

/** Single layers are seen where there is room between them. */
function drawPoints({ values }: ChartSeries, index: number, geometry: Geometry): SVGTemplateResult | typeof nothing {
  const { from, to } = placesInSight(geometry.span, values.length);
  if (plotWidth(geometry.width) / Math.max(1, to - from) < pointDistance) return nothing;
  return svg`${values.slice(from, to + 1).map((value, offset) => (value === null ? nothing : point(from + offset, value, index, 2.5, geometry)))}`;
}

function drawCursor(place: number, series: readonly ChartSeries[], geometry: Geometry): SVGTemplateResult {
  return svg`
    <path class="cursor" d="M${xOf(place, geometry)} ${margin.top}V${chartHeight - margin.bottom}"></path>
    ${series.map(({ values }, index) => {
      const value = values[place] ?? null;
      return value === null ? nothing : point(place, value, index, 4, geometry);
    })}`;
}

function point(place: number, value: number, index: number, radius: number, geometry: Geometry): SVGTemplateResult {
  return svg`<circle class=${lineClass(index)} cx=${xOf(place, geometry)} cy=${yOf(value, geometry)} r=${radius}></circle>`;
}

function drawChosen({ first, last }: Span, geometry: Geometry): SVGTemplateResult {
  const [from, to] = [xOf(first, geometry), xOf(last, geometry)];
  return svg`<rect class="chosen" x=${Math.min(from, to)} y=${margin.top} width=${Math.abs(to - from)} height=${chartHeight - margin.top - margin.bottom}></rect>`;
}
