import type { Fault, Round, Stage } from './fault.ts';
import { Figures } from './hostile/figures.ts';
import type { Ledger } from './hostile/ledger.ts';
import { scheduleOf } from './hostile/schedule.ts';
import { restOf, shift } from './hostile/shift.ts';
import { guardedMillrace, prepare } from './hostile/watched-server.ts';
import { type Command, ServerProcess } from './server-process.ts';
import type { Workshop } from './workshop.ts';

/**
 * A crew of peers that speak HTTP/1.1, HTTP/2 and TLS, and leave, reset, stall, repeat, split and flood at
 * every state. Strangers most of them; a few sign what they say. An honest client works beside them, and must
 * not notice.
 */
export const hostile: readonly Fault[] = [0, 2].map((workers) => ({
  name: `hostile-${workers || 1}`,
  title: `hostile peers, ${workers === 0 ? 'one thread' : `${workers} workers`}`,
  roundsUsual: 3,
  isEndless: true,
  obstacle: () => undefined,
  rounds: (stage) => lives(stage, workers),
}));

/**
 * A server lives through one shift of the crew, the next through two, then four: what grows slowly shows as
 * well.
 */
async function* lives(stage: Stage, workers: number): AsyncGenerator<Round> {
  const figures = new Figures(stage.isTimed);
  for (let shifts = 1; ; shifts *= 2) yield* life(stage, workers, shifts, figures);
}

/** Ends with kill -9 while the honest client is at work: what it was told must be there. */
async function* life(
  { workshop, random, isTimed }: Stage,
  workers: number,
  shifts: number,
  figures: Figures,
): AsyncGenerator<Round> {
  using directory = workshop.directory();
  const scale = isTimed ? 'full' : 'brief';
  const command = guardedMillrace(directory.path, workers, scale);
  const server = new ServerProcess(workshop, command);
  if (!(await server.isReady())) return yield refused(server);
  const prepared = await prepare(server, scale);
  const rest = await restOf(server, scale);
  for (let done = 1; done <= shifts && !server.hasEnded; done++) {
    const work = { steps: scheduleOf(random.next(), scale), prepared, scale } as const;
    const outcome = await shift(server, rest, work);
    const isLast = done === shifts || server.hasEnded;
    const missed = isLast
      ? await killAndAudit(workshop, command, server, outcome.ledger)
      : await stopAndAudit(server, outcome.ledger);
    yield figures.round(outcome, missed);
  }
}

function refused(server: ServerProcess): Round {
  return { acknowledged: 0, violations: [`no start: ${server.complaint}`] };
}

async function stopAndAudit(server: ServerProcess, ledger: Ledger): Promise<string[]> {
  await ledger.stop();
  return await ledger.audit(server.port!);
}

async function killAndAudit(
  workshop: Workshop,
  command: Command,
  server: ServerProcess,
  ledger: Ledger,
): Promise<string[]> {
  await server.kill();
  await ledger.stop();
  const next = new ServerProcess(workshop, command);
  if (!(await next.isReady())) return [`no start: ${next.complaint}`];
  const missed = await ledger.audit(next.port!);
  await next.kill();
  return missed;
}
