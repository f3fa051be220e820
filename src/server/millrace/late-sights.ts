import type { Env } from '../../env/env.ts';
import type { SightsWorld } from '../../services/millrace/sights-world.ts';
import type { ServerOptions } from '../options.ts';
import type { SightsSurroundings } from './open-sights.ts';

/**
 * What those who look at a server see, which is put together for the first of them: nobody looks at most
 * servers, and they keep no memory for it.
 */
export class LateSights {
  readonly #begun = Promise.withResolvers<() => Promise<SightsWorld>>();
  #opening: Promise<SightsWorld> | undefined;

  /** Says what it is put together by: all parts of the server are there. */
  begin(open: () => Promise<SightsWorld>): void {
    this.#begun.resolve(open);
  }

  /** Waits until it has begun. Rejects as putting it together does, and the next call tries again. */
  async open(): Promise<SightsWorld> {
    this.#opening ??= this.#begun.promise.then((open) => open());
    const opening = this.#opening;
    try {
      return await opening;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }
}

/** Lets a server be looked at from now on. Nothing of it is loaded before. */
export function beginSights(
  sights: LateSights,
  settings: ServerOptions,
  env: Env,
  around: Omit<SightsSurroundings, 'startedAt'>,
): void {
  const startedAt = env.clock.now();
  sights.begin(async () => {
    const { openSights } = await import('./open-sights.ts');
    return await openSights(settings, env, { ...around, startedAt });
  });
}
