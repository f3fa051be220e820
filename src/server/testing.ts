import { nodeClock } from '../env/node-clock.ts';
import { type Server, startServer } from './index.ts';
import type { KinesisEvent, LambdaHandler, LambdaTestOptions, TestFunction } from './lambda/test-function.ts';
import { givenOptions } from './layer.ts';
import type { ServerOptions } from './options.ts';

export type {
  KinesisEvent,
  KinesisEventRecord,
  LambdaContext,
  LambdaHandler,
  LambdaTestOptions,
  TestFunction,
} from './lambda/test-function.ts';

/** A server for one test suite. `await using` ends it. */
export interface TestServer extends Server {
  /** What an AWS SDK client needs: `new KinesisClient(server.clientConfig)`. */
  readonly clientConfig: ClientConfig;
  /**
   * Has a handler of the test be a function of Lambda. With `stream` it is called with the records of that
   * stream, which has to be there, once this resolves. Rejects with an error by AWS's name for what Lambda
   * refuses.
   */
  lambda<Event = KinesisEvent>(
    name: string,
    handler: LambdaHandler<Event>,
    options?: LambdaTestOptions,
  ): Promise<TestFunction>;
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
  return testServerOf(server, given.region);
}

/** A server that was started otherwise, as tests have one. */
export function testServerOf(server: Server, region = 'us-east-1'): TestServer {
  const { accessKeyId, secretAccessKey } = server.rootUser ?? anybody;
  const credentials = { accessKeyId, secretAccessKey };
  const clientConfig = { endpoint: server.url, region, credentials };
  const lambda: TestServer['lambda'] = async (name, handler, options) => {
    const { testFunction } = await import('./lambda/test-function.ts');
    return await testFunction({ server, clientConfig, clock: nodeClock }, name, handler, options);
  };
  return { ...server, clientConfig, lambda };
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
