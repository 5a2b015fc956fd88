import { requireWithin } from '../../../limits';

/** Counts the layers of a model and of the models inside it, repeated ones each time, before they cost anything. */
export class LayerCount {
  private layers = 0;
  private repeated = 0;

  constructor(private readonly path: string) {}

  /** A model lists so many. @throws ModelError `too-large` */
  list(count: number): void {
    this.layers += count;
    requireWithin('nodes', this.layers, this.path);
  }

  /** One of them runs again. @throws ModelError `too-large` */
  repeat(): void {
    requireWithin('repeatedLayers', ++this.repeated, this.path);
    this.list(1);
  }
}
