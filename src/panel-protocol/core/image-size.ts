export { imagesOfSize, imageSizeText, parseImageSize } from '../../core/graph/image-size';
