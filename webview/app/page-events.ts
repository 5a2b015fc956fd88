import type { HeatmapReading } from '../heatmap/reading';
import type { Outcomes } from './outcomes';
import type { Settings } from './settings';

/** Events the page's components send up; all of them bubble through shadow roots. */
interface PageEvents {
  /** The user chose these settings. */
  'settings-change': Partial<Settings>;
  /** What is kept of these studies has changed on the page itself. */
  'outcome-change': Partial<Outcomes>;
  /** The shift under the pointer or crosshair, null where there is none. */
  'heatmap-reading': HeatmapReading | null;
  /** The user opened the map at this shift. */
  'heatmap-open': HeatmapReading;
  /** The user wants to see the map with this index large. */
  'heatmap-enlarge': number;
  /** The user opened this place of a chart. */
  'chart-open': number;
  /** The user wants to see the row of this layer. */
  'layer-show': string;
  /** The user chose a layer, which all tabs mark. */
  'layer-select': string;
  /** The user chose a node of the drawn network, by the id of its group. */
  'node-select': string;
  /** The user opened or closed a group of the drawn network, or went on to what lies behind a node. */
  'node-open': string;
  'node-close': string;
  /** The user wants to go on from a node in the drawing. */
  'node-focus': string;
  /** The enlarged map was closed; with its index where the focus is still to go back to its card. */
  'enlarged-close': number | null;
}

/** The event as a listener of a template receives it. */
export type PageEvent<Name extends keyof PageEvents> = CustomEvent<PageEvents[Name]>;

/** Sends a {@link PageEvents} event from a component. */
export function send<Name extends keyof PageEvents>(from: HTMLElement, name: Name, detail: PageEvents[Name]): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
