import { createHash } from 'node:crypto';
import type { ImageListFacts } from '../../../core/report/consistency-report';
import type { ImageFile } from '../../protocol/classifying';
import type { ListedImage } from './sorted-images';

/** Tells a list of images from others, image by image in the order of their names. */
export class ListDigest {
  private readonly names = createHash('sha256');
  private readonly labels = createHash('sha256');
  private count = 0;
  private hasLabels = false;

  add({ image, label }: ListedImage): void {
    this.names.update(`${JSON.stringify(image)}\n`);
    this.labels.update(`${label ?? ''}\n`);
    this.count += 1;
    this.hasLabels ||= label !== null;
  }

  facts(): ImageListFacts {
    return { count: this.count, digest: this.names.digest('hex'), labels: this.hasLabels ? this.labels.digest('hex') : null };
  }
}

/** The same of images that are at hand, in the order of their names. */
export function imageListFacts(images: readonly ImageFile[]): ImageListFacts {
  const digest = new ListDigest();
  for (const { name, label } of images) digest.add({ image: name, label });
  return digest.facts();
}
