import type { Size } from './layout';
import type { NodeShape } from './node-view';

/** How much narrower the narrow side of a sampling layer is, at each end. */
const slant = 16;

/** The outline of a node whose top left corner is at the origin, as a path of SVG. */
export function outline(shape: NodeShape, { width, height }: Size): string {
  switch (shape) {
    case 'down':
      return `M 0 0 H ${width} L ${width - slant} ${height} H ${slant} Z`;
    case 'up':
      return `M ${slant} 0 H ${width - slant} L ${width} ${height} H 0 Z`;
    case 'merge':
      return `M ${slant} 0 H ${width - slant} L ${width} ${height / 2} L ${width - slant} ${height} H ${slant} L 0 ${height / 2} Z`;
    case 'blur':
    case 'input':
      return rounded(width, height, height / 2);
    case 'layer':
    case 'group':
      return rounded(width, height, 4);
  }
}

/** A second outline: of a stack for a group, of the narrow side for what leaves samples out, of a pill for a blur. */
export function secondOutline(shape: NodeShape, { width, height }: Size): string {
  switch (shape) {
    case 'group':
      return `M 4 ${height + 4} H ${width + 4} V 4`;
    case 'down':
      return `M ${slant} ${height + 4} H ${width - slant}`;
    case 'up':
      return `M ${slant} -4 H ${width - slant}`;
    case 'blur':
      return `M 12 ${height / 2} q 3.5 -7 7 0 t 7 0`;
    default:
      return '';
  }
}

function rounded(width: number, height: number, radius: number): string {
  const arc = (x: number, y: number): string => `a ${radius} ${radius} 0 0 1 ${x} ${y}`;
  return [
    `M ${radius} 0 H ${width - radius} ${arc(radius, radius)}`,
    `V ${height - radius} ${arc(-radius, radius)}`,
    `H ${radius} ${arc(-radius, -radius)}`,
    `V ${radius} ${arc(radius, -radius)} Z`,
  ].join(' ');
}
