import type { ServerOptions } from './options.ts';
import { type Server, startServer } from './server.ts';

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
 * Starts a server in this process within milliseconds: in memory, on any free port of loopback, silent, without
 * throughput limits, its streams ACTIVE at once. Options say otherwise.
 */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const server = await startServer({ ...forTests, ...options });
  const region = options.region ?? 'us-east-1';
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { ...server, clientConfig: { endpoint: server.url, region, credentials } };
}

const forTests: Partial<ServerOptions> = {
  port: 0,
  memory: true,
  limits: 'none',
  logLevel: 'silent',
  transitionDelay: 0,
};
