import type { Cluster } from '../cluster/cluster.ts';
import type { Duty } from '../cluster/members.ts';
import type { HeldPlace, Placement } from '../cluster/placement.ts';
import type { Clock, Millis } from '../env/clock.ts';

/** Work that one gateway does for all: a shard of a mapping, a delivery. Each is a duty of its own. */
export class PlacedByDuty implements Placement {
  readonly #cluster: ClusterPart;
  readonly #clock: Pick<Clock, 'sleep'>;
  /** How often each is held: one that is begun anew may be asked for before it was let go of. */
  readonly #holds = new Map<string, number>();

  constructor(cluster: ClusterPart, clock: Pick<Clock, 'sleep'>) {
    this.#cluster = cluster;
    this.#clock = clock;
  }

  hold(name: string): HeldPlace {
    const duty = this.#cluster.sharedDuty(name);
    this.#holds.set(name, (this.#holds.get(name) ?? 0) + 1);
    let isHeld = true;
    return {
      isOurs: () => isHeld && duty.isOurs(),
      get term() {
        return duty.number;
      },
      isToMove: () => isHeld && duty.isToMove(),
      handOver: () => duty.handOver(),
      changed: (signal) => this.#changed(duty, signal),
      [Symbol.dispose]: () => {
        if (isHeld) this.#letGo(name);
        isHeld = false;
      },
    };
  }

  /** The lease of who holds it may be over for a moment, and comes back without news. */
  async #changed(duty: Duty, signal: AbortSignal): Promise<void> {
    const isHeldHere = duty.holder()?.id === this.#cluster.members.self.id;
    if (!isHeldHere || duty.isOurs()) return await duty.changed(signal);
    const over = new AbortController();
    const ended = AbortSignal.any([signal, over.signal]);
    await Promise.race([duty.changed(ended), this.#clock.sleep(lookAgainMs, ended)]);
    over.abort();
  }

  #letGo(name: string): void {
    const holds = this.#holds.get(name)! - 1;
    if (holds > 0) {
      this.#holds.set(name, holds);
      return;
    }
    this.#holds.delete(name);
    this.#cluster.letGo(name);
  }
}

const lookAgainMs: Millis = 1_000;

type ClusterPart = Pick<Cluster, 'sharedDuty' | 'letGo' | 'members'>;
