import type { Service } from './service.ts';

/** What of a service a request is recognized by, and what need not be there before. */
type Head<World> = Omit<Service<World>, 'operations' | 'unserved' | 'later'>;
type Rest<World> = Pick<Service<World>, 'operations' | 'unserved'> &
  Partial<Pick<Service<World>, 'protocols' | 'factsOf'>>;

/**
 * A service whose operations are loaded for its first call: most servers are never called there. What is
 * loaded may take the place of protocols by which a call was only recognized.
 */
export function lateService<World>(head: Head<World>, load: () => Promise<Rest<World>>): Service<World> {
  let rest: Rest<World> | undefined;
  return {
    ...head,
    get protocols() {
      return rest?.protocols ?? head.protocols;
    },
    factsOf: (...about) => (rest?.factsOf ?? head.factsOf)?.(...about),
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
