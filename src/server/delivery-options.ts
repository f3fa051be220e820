import { exposedHost } from '../access/mode.ts';
import type { PlaceOptions } from '../http/places.ts';

/** The options that say where deliveries find what is not here. */
export type DeliveryOptions = {
  /** The URL of an Iceberg REST catalog. Undefined: a table's bucket is its catalog itself. */
  readonly iceberg: string | undefined;
  /**
   * Where schemas and tables are described: `file:///DIR`, or the endpoint of a Glue. Undefined:
   * AWS_ENDPOINT_URL_GLUE, or nowhere.
   */
  readonly schemas: string | undefined;
  /**
   * Which HTTP endpoints records are delivered to: `on` for all, `off` for none, or their origins with commas
   * between them. Undefined: `on` where only this machine reaches the server, else `off`.
   */
  readonly httpEndpoints: string | undefined;
};

export const defaultDeliveryOptions: DeliveryOptions = {
  iceberg: undefined,
  schemas: undefined,
  httpEndpoints: undefined,
};

/**
 * Why a server delivers nothing to a URL, in one line; undefined where it does. Whoever may make delivery
 * streams chooses URLs, which are reached from within the network that the server is in: nobody who is not on
 * this machine can, unless the server's operator says so.
 */
export function endpointRefusal(
  options: Pick<DeliveryOptions, 'httpEndpoints'> & PlaceOptions,
): (url: string) => string | undefined {
  const allowed = options.httpEndpoints ?? (exposedHost(options) === undefined ? 'on' : 'off');
  if (allowed === 'on') return () => undefined;
  if (allowed === 'off') return () => `This server delivers to no HTTP endpoints: ${seeOption}`;
  const origins = originsIn(allowed) ?? [];
  return (url) => {
    const origin = URL.canParse(url) ? new URL(url).origin : url;
    if (origins.includes(origin)) return undefined;
    return `This server delivers to no HTTP endpoints at ${origin}: ${seeOption}`;
  };
}

const seeOption = 'see its option --http-endpoints.';

/** Of a list with commas; undefined where one of them is no origin, but more or less than that. */
export function originsIn(text: string): readonly string[] | undefined {
  const origins = text.split(',').map((each) => each.trim());
  const isOrigin = (each: string) =>
    /^https?:\/\//.test(each) && URL.canParse(each) && new URL(each).href === `${new URL(each).origin}/`;
  return origins.every(isOrigin) ? origins.map((each) => new URL(each).origin) : undefined;
}
