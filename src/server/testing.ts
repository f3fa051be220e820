import { type Server, startServer } from './index.ts';
import { givenOptions } from './layer.ts';
import type { ServerOptions } from './options.ts';

/** A server for one test suite. `await using` ends it. */
export interface TestServer extends Server {
  /** What an AWS SDK client needs: `new KinesisClient(server.clientConfig)`. */
  readonly clientConfig: ClientConfig;
}

export type ClientConfig = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/**
 * Starts a server in this process within milliseconds: in memory, on any free port of loopback, silent,
 * without throughput limits, its streams ACTIVE at once. Options say otherwise: `data` names a directory to
 * keep it all in. Rejects with `StartError` for options that are not valid.
 */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const given = givenOptions(options);
  const { memory, ...others } = { ...forTests, ...given };
  // With a directory, that is where everything is; it need not be said twice.
  const server = await startServer(given.data === undefined ? { memory, ...others } : others);
  const region = given.region ?? 'us-east-1';
  const { accessKeyId, secretAccessKey } = server.rootUser ?? anybody;
  const credentials = { accessKeyId, secretAccessKey };
  return { ...server, clientConfig: { endpoint: server.url, region, credentials } };
}

/** Where signatures are not verified. */
const anybody = { accessKeyId: 'test', secretAccessKey: 'test' };

const forTests = {
  port: 0,
  memory: true,
  limits: 'none',
  logLevel: 'silent',
  transitionDelay: 0,
} as const;
