import { join } from 'node:path';
import { Connection } from '../../harness/connection.ts';
import { Signer } from '../../harness/signer.ts';
import { type HeavyBody, heavyBodies } from '../heavy-bodies.ts';
import type { RunningServer } from '../running-server.ts';
import type { Scenario } from '../scenarios.ts';

/**
 * The longest turn of the server's event loop for any request of 10 MiB, signed and not, that was found to be
 * heavy.
 */
export const stalls: Scenario = {
  name: 'stalls',
  group: 'main',
  rounds: () => 1,
  async measure(turn) {
    await using server = await turn.start(1, { preload: probe });
    await server.createStreams(['heavy'], { ShardCount: 1, MaxRecordSizeInKiB: 10 * 1024 });
    const all = heavyBodies('heavy');
    const repeats = turn.options.isQuick ? 1 : 5;
    const bodies = turn.options.isQuick ? all.filter((_, nth) => nth % 16 === 0) : all;
    let worst = noStall;
    for (const body of bodies) {
      for (const isSigned of [true, false]) {
        const stall = await stallOf(server, body, isSigned, repeats);
        turn.note(stall, undefined, isSigned ? body.name : `${body.name}, not signed`);
        worst = worse(worst, stall);
      }
    }
    turn.note(worst);
  },
};

const probe = join(import.meta.dirname, '..', 'stall-probe.ts');

/** Each the most of any turn. */
type Stall = {
  readonly stallMs: number;
  readonly stallCpuMs: number;
};
const noStall: Stall = { stallMs: 0, stallCpuMs: 0 };

function worse(one: Stall, other: Stall): Stall {
  return {
    stallMs: Math.max(one.stallMs, other.stallMs),
    stallCpuMs: Math.max(one.stallCpuMs, other.stallCpuMs),
  };
}

/** The longest of several times. */
async function stallOf(server: RunningServer, heavy: HeavyBody, isSigned: boolean, repeats: number) {
  const signer = new Signer(server.port, heavy.contentType);
  const connection = await Connection.open(server.port);
  let worst = noStall;
  await server.ask();
  for (let nth = 0; nth < repeats; nth++) {
    const request = signer.request(heavy.operation, heavy.body);
    if (!isSigned) request.fill('x', request.indexOf('Authorization'), request.indexOf('Authorization') + 4);
    const { status, body } = await connection.exchange(request);
    if (!isExpected(heavy, isSigned, status, body)) {
      throw new Error(`${heavy.name}: ${status} ${body.toString('latin1', 0, 300)}`);
    }
    const { wallMs, cpuMs } = (await server.ask()) as Told;
    worst = worse(worst, { stallMs: wallMs, stallCpuMs: cpuMs });
  }
  connection.close();
  return worst;
}

/** What the probe answers. */
type Told = { readonly wallMs: number; readonly cpuMs: number };

function isExpected({ answer }: HeavyBody, isSigned: boolean, status: number, body: Buffer): boolean {
  if (!isSigned) return status !== 200;
  return answer === undefined ? status === 200 : body.includes(answer);
}
