export type { Env } from '../env/env.ts';
export type { Handler, HttpRequest, HttpResponse } from '../env/network.ts';
export type { LogLevel, ServerOptions } from './options.ts';
export { type Server, startServer } from './server.ts';
export { StartError } from './start-error.ts';
