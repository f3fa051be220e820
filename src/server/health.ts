import type { Clock } from '../env/clock.ts';
import type { Handler } from '../env/network.ts';
import { asksForPage } from '../rpc/page.ts';
import type { ServerOptions } from './options.ts';
import { version } from './version.ts';

/**
 * Answers `GET /health`, without a signature, and leaves the rest to `handle`. `isAlive` tells whether
 * the thread that has the logs still works; 503 when not.
 */
export function withHealth(
  handle: Handler,
  { memory }: Pick<ServerOptions, 'memory'>,
  clock: Clock,
  isAlive: () => Promise<boolean> = async () => true,
): Handler {
  const startedAt = clock.monotonic();
  const health = async () => {
    const uptimeSeconds = Math.round((clock.monotonic() - startedAt) / 1000);
    const engine = memory ? 'memory' : 'embedded';
    const [status, state] = (await isAlive()) ? [200, 'ok'] : [503, 'stalled'];
    const body = JSON.stringify({ status: state, version, engine, uptimeSeconds });
    return { status, headers: { 'Content-Type': 'application/json' }, body };
  };
  return (request) => (asksForPage(request, '/health') ? health() : handle(request));
}
