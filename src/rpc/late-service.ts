import type { Service } from './service.ts';

/** What of a service a request is recognized by, and what need not be there before. */
type Head<World> = Omit<Service<World>, 'operations' | 'unserved' | 'later'>;
type Rest<World> = Pick<Service<World>, 'operations' | 'unserved'>;

/** A service whose operations are loaded for its first call: most servers are never called there. */
export function lateService<World>(head: Head<World>, load: () => Promise<Rest<World>>): Service<World> {
  let rest: Rest<World> | undefined;
  return {
    ...head,
    get operations() {
      return rest?.operations ?? new Map();
    },
    get unserved() {
      return rest?.unserved ?? new Set();
    },
    later() {
      if (rest !== undefined) return undefined;
      return load().then((loaded) => {
        rest = loaded;
      });
    },
  };
}
