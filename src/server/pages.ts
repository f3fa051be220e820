import type { Clock } from '../env/clock.ts';
import type { HttpResponse } from '../env/network.ts';
import type { Health } from '../gateway/health.ts';
import type { PageOfOwner, Pages } from '../rpc/page.ts';
import type { EngineName } from './options.ts';
import { version } from './version.ts';

export type PagesWorld = {
  readonly clock: Clock;
  readonly engine: EngineName;
  /** How the thread that does the work does. */
  readonly health: () => Health | Promise<Health>;
  /** The certificate of the server's authority; undefined where it has none, and in workers. */
  readonly authority: (() => Promise<string>) | undefined;
  /** Those of the console. */
  readonly console: Pages;
  /** Answers with metrics, or refuses to; undefined in workers, which have the owner asked. */
  readonly metrics?: PageOfOwner['answer'] | undefined;
};

/** What a server answers to GET without a signature. */
export function serverPages(world: PagesWorld): Pages {
  const { clock, engine, health, authority, console, metrics = noMetrics } = world;
  const startedAt = clock.monotonic();
  return {
    ...console,
    /** Whether the server works: 503 when not. */
    '/health': {
      runs: 'here',
      async answer() {
        const uptimeSeconds = Math.round((clock.monotonic() - startedAt) / 1000);
        const status = await health();
        const body = JSON.stringify({ status, version, engine, uptimeSeconds });
        return { status: status === 'ok' ? 200 : 503, headers: { 'Content-Type': 'application/json' }, body };
      },
    },
    /** What a client has to trust; 404, and why, when there is no such authority. */
    '/ca.pem': {
      runs: 'owner',
      async answer() {
        if (authority === undefined) return noAuthority;
        // RFC 8555 §9.1.
        const headers = { 'Content-Type': 'application/pem-certificate-chain' };
        return { status: 200, headers, body: await authority() };
      },
    },
    /** What is counted and measured, as Prometheus reads it. */
    '/metrics': { runs: 'owner', answer: (asked) => metrics(asked) },
  };
}

const noMetrics = async (): Promise<HttpResponse> => ({
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'This server tells no metrics.\n',
});

const noAuthority: HttpResponse = {
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: 'This server shows a certificate that it was given, and has no authority of its own: trust the issuer of that.\n',
};
