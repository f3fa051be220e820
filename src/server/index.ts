import type { Env } from '../env/env.ts';
import './require-node.ts';
import { givenOptions } from './layer.ts';
import type { ServerOptions } from './options.ts';
import type { Server } from './server.ts';

export type { Env } from '../env/env.ts';
export type { Endpoint, Handler, HttpRequest, HttpResponse, Place, SocketFile } from '../env/network.ts';
export { StartError } from '../env/start-error.ts';
export type { LogLevel, ServerOptions } from './options.ts';
export type { Server } from './server.ts';

/**
 * Starts a server in this process, or in a world given as `env`. Options that are absent are as for the
 * command. Rejects with `StartError`, whose message is one clear line, when an option is not valid or options
 * do not fit together, and with the system's error when the world does not allow it.
 */
export async function startServer(options: Partial<ServerOptions> = {}, env?: Env): Promise<Server> {
  const settings = givenOptions(options);
  const { startServer: start } = await import('./server.ts');
  return await start(settings, env);
}
