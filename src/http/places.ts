import type { Endpoint, Place, SocketFile } from '../env/network.ts';
import { StartError } from '../env/start-error.ts';
import { originOf } from './peer.ts';

/** The options that say where a server listens. */
export type PlaceOptions = {
  readonly host: string;
  /** `none` for a server without this listener. */
  readonly port: number | 'none';
  /** `NAME=ADDRESS:PORT` or `NAME=unix:/path`, by commas. */
  readonly listen: string | undefined;
};

/** Where a server listens: `ports` are every thread's, `files` its first thread's alone. */
export type Places = { readonly ports: readonly Endpoint[]; readonly files: readonly SocketFile[] };

/** The default listener comes first and has no name. Throws `StartError` when the options do not fit. */
export function placesOf({ host, port, listen }: PlaceOptions): Places {
  const named = listen === undefined ? [] : listen.split(',').map((text) => placeIn(text)!);
  const places: Place[] = port === 'none' ? named : [{ host, port }, ...named];
  if (places.length === 0) throw new StartError('without a port the server needs --listen');
  const names = repeatedIn(named.map(({ name }) => name!));
  if (names !== undefined) throw new StartError(`two listeners are called ${names}`);
  // Port 0 is another port for each.
  const fixed = places.filter((place) => !('port' in place && place.port === 0));
  const origins = repeatedIn(fixed.map((place) => originOf(place).listener));
  if (origins !== undefined) throw new StartError(`two listeners would listen on ${origins}`);
  return {
    ports: places.filter((place) => 'port' in place),
    files: places.filter((place) => 'path' in place),
  };
}

/** A listener as `--listen` has it; undefined when the text is none. */
export function placeIn(text: string): Required<Endpoint> | Required<SocketFile> | undefined {
  const { name, path, host, bracketed, port } = listener.exec(text)?.groups ?? {};
  if (name === undefined) return undefined;
  if (path !== undefined) return { name, path };
  return Number(port) > 65_535 ? undefined : { name, host: (bracketed ?? host)!, port: Number(port) };
}

/** The inverse. */
export function placeText({ name, ...place }: Place): string {
  const { listener } = originOf(place);
  return name === undefined ? listener : `${name}=${listener}`;
}

/** `HOST:PORT`, where an IPv6 address stands in brackets; undefined when the text is none. */
export function hostAndPortIn(text: string): Pick<Endpoint, 'host' | 'port'> | undefined {
  const { host, bracketed, port } = hostAndPort.exec(text)?.groups ?? {};
  const name = bracketed ?? host;
  return name === undefined || Number(port) > 65_535 ? undefined : { host: name, port: Number(port) };
}

const address = '(?:\\[(?<bracketed>[0-9a-f:.%\\w]+)\\]|(?<host>[\\w.-]+)):(?<port>\\d{1,5})';
const hostAndPort = new RegExp(`^${address}$`, 'i');

/** A path is absolute: what a server's working directory is depends on who starts it. */
const listener = new RegExp(`^(?<name>[\\w-]{1,63})=(?:unix:(?<path>/[^,\\0]+)|${address})$`, 'i');

function repeatedIn(texts: readonly string[]): string | undefined {
  return texts.find((text, index) => texts.indexOf(text) < index);
}
