import type { Endpoint, Listening, Network, Place } from '../env/network.ts';

/** Several listeners that begin and end together. */
export type Listeners<At extends Place = Endpoint> = Omit<Listening, 'endpoint'> & {
  /** The places really bound, in the order in which they were asked for. */
  readonly endpoints: readonly At[];
};

/** Listens at all places; at none when that fails at one, and rejects with what `listen` rejected with. */
export async function listenAt<At extends Place>(
  places: readonly At[],
  listen: (place: At) => Promise<Listening<At>>,
): Promise<Listeners<At>> {
  await using opened = new AsyncDisposableStack();
  const all: Listening<At>[] = [];
  for (const place of places) {
    const one = await listen(place);
    opened.defer(() => one.close());
    all.push(one);
  }
  opened.move();
  return {
    endpoints: all.map(({ endpoint }) => endpoint),
    shed() {
      for (const one of all) one.shed();
    },
    close: async () => {
      await Promise.all(all.map((one) => one.close()));
    },
  };
}

/** `Network.reserve` for several endpoints: `listen` is called once, with what each of them was bound to. */
export function reserveAll<T>(
  network: Pick<Network, 'reserve'>,
  [first, ...rest]: readonly Endpoint[],
  listen: (bound: readonly Endpoint[]) => Promise<T>,
): Promise<T> {
  if (first === undefined) return listen([]);
  return network.reserve(first, (bound) =>
    reserveAll(network, rest, (others) => listen([{ ...first, ...bound }, ...others])),
  );
}
