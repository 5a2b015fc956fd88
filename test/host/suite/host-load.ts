import { readFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector/promises';
import { extension } from './extension';

/** How long a turn of the extension host's loop took in which code of ours ran. */
export interface OwnTurn {
  /** Processor time of our own work in it, in milliseconds: functions of ours with all that they call, and messages of our processes. */
  readonly ownMs: number;
  /** Processor time of the whole turn: what VS Code makes of our answers is in it, and whatever else happened to be due. */
  readonly turnMs: number;
  /** The same by the clock: on a busy machine the time of others is in it, too. */
  readonly wallMs: number;
  /** Functions that the longest share of our work was in, the outermost of ours and the innermost of all. */
  readonly where: readonly string[];
}

/** Where the loop was at a moment: microseconds on the clock that profiles have, and processor time of the thread until then. */
interface Tick {
  readonly at: number;
  readonly processorUs: number;
}

/** A sample of what ran, and for how long it stands. */
interface Sample {
  readonly at: number;
  readonly lengthUs: number;
  readonly node: number;
}

const samplingUs = 250;
const tickMs = 1;

/**
 * Watches the thread that it runs in, the extension host's. Samples of the stack tell our work from VS Code's and from that of other
 * extensions, a timer tells the turns of the loop, and the system the processor time of the thread, so that a busy machine does not
 * count.
 */
export class HostLoad {
  private readonly ticks: Tick[] = [tick()];
  private readonly timer = setInterval(() => this.ticks.push(tick()), tickMs);

  private constructor(private readonly session: Session) {}

  static async start(): Promise<HostLoad> {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: samplingUs });
    await session.post('Profiler.start');
    return new HostLoad(session);
  }

  /** Ends the watch; the turns in which code of ours ran, the longest own work first. */
  async stop(): Promise<readonly OwnTurn[]> {
    clearInterval(this.timer);
    this.ticks.push(tick());
    const { profile } = await this.session.post('Profiler.stop');
    this.session.disconnect();
    return ownTurns(profile, this.ticks);
  }
}

function ownTurns(profile: Profiler.Profile, ticks: readonly Tick[]): readonly OwnTurn[] {
  const stacks = new Stacks(profile);
  const samples = samplesOf(profile);
  const turns: OwnTurn[] = [];
  let next = 0;
  for (const [index, end] of ticks.entries()) {
    const start = ticks[index - 1];
    const inTurn: Sample[] = [];
    for (let sample = samples[next]; sample !== undefined && sample.at <= end.at; sample = samples[++next]) inTurn.push(sample);
    if (start !== undefined) turns.push(...turnOf(inTurn, start, end, stacks));
  }
  return turns.sort((a, b) => b.ownMs - a.ownMs);
}

function turnOf(samples: readonly Sample[], start: Tick, end: Tick, stacks: Stacks): readonly OwnTurn[] {
  const byPlace = new Map<string, number>();
  let ownUs = 0;
  let place: string | undefined;
  for (const { node, lengthUs } of samples) {
    // A collection of garbage has no stack: it belongs to what was interrupted.
    if (!stacks.isCollection(node)) place = stacks.ownPlace(node);
    if (place === undefined) continue;
    ownUs += lengthUs;
    byPlace.set(place, (byPlace.get(place) ?? 0) + lengthUs);
  }
  if (ownUs === 0) return [];
  const processorUs = end.processorUs - start.processorUs;
  const where = [...byPlace].sort(([, a], [, b]) => b - a).slice(0, 3);
  return [
    {
      ownMs: Math.min(ownUs, processorUs) / 1000,
      turnMs: processorUs / 1000,
      wallMs: (end.at - start.at) / 1000,
      where: where.map(([name, us]) => `${name} ${(us / 1000).toFixed(1)} ms`),
    },
  ];
}

function samplesOf({ samples = [], timeDeltas = [], startTime }: Profiler.Profile): readonly Sample[] {
  let at = startTime;
  const times = timeDeltas.map((delta) => (at += delta));
  return samples.map((node, index) => ({ node, at: times[index] ?? at, lengthUs: timeDeltas[index + 1] ?? 0 }));
}

/** The stacks of a profile, which it tells as a tree. Ours are those of our bundle, and Node's own that receive messages of processes. */
class Stacks {
  private readonly bundle = `${extension().extensionPath}/dist/extension.js`;
  private readonly nodes: ReadonlyMap<number, Profiler.ProfileNode>;
  private readonly parents = new Map<number, number>();
  private readonly places = new Map<number, string | undefined>();

  constructor({ nodes }: Profiler.Profile) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    for (const { id, children = [] } of nodes) for (const child of children) this.parents.set(child, id);
  }

  isCollection(node: number): boolean {
    return this.nodes.get(node)?.callFrame.functionName === '(garbage collector)';
  }

  /** What of ours ran, or why it ran for us; undefined where it was no work of ours. */
  ownPlace(node: number): string | undefined {
    if (!this.places.has(node)) this.places.set(node, this.findPlace(node));
    return this.places.get(node);
  }

  private findPlace(node: number): string | undefined {
    let outermost: Profiler.ProfileNode['callFrame'] | undefined;
    for (let id: number | undefined = node; id !== undefined; id = this.parents.get(id)) {
      const frame = this.nodes.get(id)?.callFrame;
      if (frame !== undefined && (frame.url.endsWith(this.bundle) || frame.functionName === 'parseChannelMessages')) outermost = frame;
    }
    if (outermost === undefined) return undefined;
    return `${outermost.functionName || `line ${outermost.lineNumber + 1}`} … ${this.nodes.get(node)?.callFrame.functionName ?? ''}`;
  }
}

function tick(): Tick {
  return { at: Number(process.hrtime.bigint() / 1000n), processorUs: processorTime() };
}

/** Of this thread, in microseconds; of the process where the system does not tell it for threads. */
function processorTime(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  } catch {
    const { user, system } = process.cpuUsage();
    return user + system;
  }
}
