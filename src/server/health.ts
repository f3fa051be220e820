import type { Clock } from '../env/clock.ts';
import type { Handler } from '../env/network.ts';
import { asksForPage } from '../rpc/page.ts';
import type { ServerOptions } from './options.ts';
import { version } from './version.ts';

/**
 * Answers `GET /health`, without a signature, and leaves the rest to `handle`. `isAlive` tells whether
 * whoever does the work still does; 503 when not.
 */
export function withHealth(
  handle: Handler,
  { memory }: Pick<ServerOptions, 'memory'>,
  clock: Clock,
  isAlive: () => boolean = () => true,
): Handler {
  const startedAt = clock.monotonic();
  return (request) => {
    if (!asksForPage(request, '/health')) return handle(request);
    const uptimeSeconds = Math.round((clock.monotonic() - startedAt) / 1000);
    const engine = memory ? 'memory' : 'embedded';
    const [status, state] = isAlive() ? [200, 'ok'] : [503, 'stalled'];
    const body = JSON.stringify({ status: state, version, engine, uptimeSeconds });
    return Promise.resolve({ status, headers: { 'Content-Type': 'application/json' }, body });
  };
}
