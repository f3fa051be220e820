import { asksForPage } from '../api/page.ts';
import type { Clock } from '../env/clock.ts';
import type { Handler } from '../env/network.ts';
import type { ServerOptions } from './options.ts';
import { version } from './version.ts';

/** Answers `GET /health`, without a signature, and leaves the rest to `handle`. */
export function withHealth(
  handle: Handler,
  { memory }: Pick<ServerOptions, 'memory'>,
  clock: Clock,
): Handler {
  const startedAt = clock.monotonic();
  return (request) => {
    if (!asksForPage(request, '/health')) return handle(request);
    const uptimeSeconds = Math.round((clock.monotonic() - startedAt) / 1000);
    const engine = memory ? 'memory' : 'embedded';
    const body = JSON.stringify({ status: 'ok', version, engine, uptimeSeconds });
    return Promise.resolve({ status: 200, headers: { 'Content-Type': 'application/json' }, body });
  };
}
