import type { Catalog } from '../catalog/catalog.ts';
import type { Duty } from '../cluster/members.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import { Load, type MeasuredLoad } from '../stream/load.ts';
import { includeLoad } from './measured-load.ts';
import type { Peers } from './peers.ts';

type World = {
  readonly clock: Clock;
  readonly catalog: Catalog;
  /** The duty of scaling. */
  readonly duty: Duty;
  readonly peers: Pick<Peers, 'linkTo'>;
};

/**
 * Takes what this gateway measures of on-demand streams to the one that scales them, soon after the first
 * write. While there is none it is kept.
 */
export class ClusterLoad {
  /** What is written through this gateway and its workers. */
  readonly measured = new Load(() => detached(this.#tellSoon(), unthinkable));
  /** What all gateways have told this one, for scaling by. */
  readonly told = new Load();
  readonly #world: World;
  readonly #stopped = new AbortController();

  constructor(world: World) {
    this.#world = world;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #tellSoon(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#world.clock.sleep(delayMs, signal);
      const tell = this.#teller();
      if (tell === undefined || signal.aborted) continue;
      tell(this.measured.report());
      return;
    }
  }

  /** Undefined while nobody is known to scale streams, or who does cannot be reached. */
  #teller(): ((measured: readonly MeasuredLoad[]) => void) | undefined {
    const { duty, peers, catalog } = this.#world;
    if (duty.isOurs()) return (measured) => includeLoad(this.told, catalog, measured);
    const holder = duty.holder();
    const link = holder && peers.linkTo(holder);
    return link && ((measured) => link.client.tell('load', measured));
  }
}

/** Load is averaged over at least a second. */
const delayMs: Millis = 250;
