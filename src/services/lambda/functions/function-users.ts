import type { ProgramUser } from '../../../env/processes.ts';

/**
 * As whom functions run where programs run as other users: each function as one of its own, as far as there
 * are enough of them.
 */
export class FunctionUsers {
  readonly #users = new Map<string, ProgramUser>();

  of(functionKey: string): ProgramUser {
    const known = this.#users.get(functionKey);
    if (known !== undefined) return known;
    const id = firstUser + (this.#users.size % usersMax);
    const user = { uid: id, gid: id };
    this.#users.set(functionKey, user);
    return user;
  }
}

/**
 * Nobody's by Debian's policy (§9.2.2, "UID and GID classes": 30000 to 59999 are reserved), below systemd's
 * users of its own making, and within the 65,536 that a container has.
 */
const firstUser = 30_000;
const usersMax = 30_000;
