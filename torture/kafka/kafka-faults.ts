import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Round, Stage } from '../fault.ts';
import type { Workshop } from '../workshop.ts';
import { type Brokers, brokersObstacle } from './brokers.ts';
import { GatewayTrial } from './gateway-trial.ts';
import { Pauses } from './pauses.ts';
import { type Trouble, troubles } from './troubles.ts';

/** Everything that is done to several gateways and three real brokers, which are started once for all. */
export function kafkaFaults(start: (workshop: Workshop) => Promise<Brokers>): readonly Fault[] {
  return troubles.map((trouble) => ({
    name: `kafka-${trouble.name}`,
    title: trouble.title,
    roundsUsual: trouble.roundsUsual,
    engine: 'kafka',
    isEndless: true,
    obstacle: async () => trouble.obstacle?.() ?? (await brokersObstacle()),
    rounds: (stage) => rounds(stage, trouble, start),
  }));
}

async function* rounds(
  { workshop, random }: Stage,
  trouble: Trouble,
  start: (workshop: Workshop) => Promise<Brokers>,
): AsyncGenerator<Round> {
  const brokers = await workshop.share(start);
  const pauses = new Pauses();
  for (;;) {
    await using trial = await GatewayTrial.plan(workshop, brokers, random.fork(), trouble.hasClocks);
    if (!(await trial.start())) {
      yield trial.crew.verdict();
      continue;
    }
    const resume = async (since: number) => pauses.note(await trial.resumed(since));
    for (let lives = random.between(4, 8); lives > 0; lives--) {
      trial.work();
      await trial.resumed(performance.now());
      await sleep(random.real(0, 1_000));
      await trouble.happen({ workshop, trial, random: random.fork(), resume });
      yield { ...(await trial.audit()), ...pauses.figures };
    }
  }
}
