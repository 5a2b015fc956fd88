export { colourMaps, defaultColourMap, differenceColours, toRgb, type ColourMap, type ColourMapName } from '../../core/report/colour-map';
