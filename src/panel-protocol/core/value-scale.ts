export {
  positionOn,
  sameScale,
  scaleChoices,
  scaleMarks,
  valueScale,
  type ScaleChoice,
  type ValueScale,
} from '../../core/report/value-scale';
