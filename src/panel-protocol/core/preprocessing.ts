export {
  isPreprocessingName,
  parsePreprocessing,
  preprocessingLabels,
  preprocessingNames,
  preprocessingPresets,
  preprocessingText,
  type Preprocessing,
} from '../../core/input/preprocessing';
