import { createHash } from 'node:crypto';
import type { ProgramUser } from '../../../env/processes.ts';

/**
 * As whom functions run where programs run as other users: each function as one of its own, as far as there
 * are enough of them, and as the same one after a restart, so that files which it made are still its own.
 */
export class FunctionUsers {
  readonly #users = new Map<string, ProgramUser>();
  readonly #taken = new Set<number>();

  of(functionKey: string): ProgramUser {
    const known = this.#users.get(functionKey);
    if (known !== undefined) return known;
    const id = firstUser + this.#freeFrom(placeOf(functionKey));
    const user = { uid: id, gid: id };
    this.#users.set(functionKey, user);
    return user;
  }

  /** The next place that no function has; where all are taken, the one that was asked for. */
  #freeFrom(wanted: number): number {
    if (this.#taken.size === usersMax) return wanted;
    let place = wanted;
    while (this.#taken.has(place)) place = (place + 1) % usersMax;
    this.#taken.add(place);
    return place;
  }
}

function placeOf(functionKey: string): number {
  return createHash('sha256').update(functionKey).digest().readUInt32BE() % usersMax;
}

/**
 * Nobody's by Debian's policy (§9.2.2, "UID and GID classes": 30000 to 59999 are reserved), below systemd's
 * users of its own making, and within the 65,536 that a container has.
 */
const firstUser = 30_000;
const usersMax = 30_000;
