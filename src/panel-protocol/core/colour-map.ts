export { colourMaps, defaultColourMap, toRgb, type ColourMap, type ColourMapName } from '../../core/report/colour-map';
