import { type Contender, encryptedMillrace } from '../contender.ts';
import type { Scenario } from '../scenarios.ts';
import type { Turn } from '../turn.ts';
import { put, putFigures } from './put.ts';

/** The same puts and gets with and without encryption, one right after the other. */
export const encryption: Scenario = {
  name: 'encryption',
  group: 'main',
  rounds: ({ rounds }) => rounds,
  async measure(turn) {
    await putAndGet(turn, turn.contender);
    await putAndGet(turn, encryptedMillrace);
  },
};

async function putAndGet(turn: Turn, contender: Contender): Promise<void> {
  await using server = await turn.start(4, { contender });
  const outcome = await put(turn, server, {});
  const read = await turn.run(server, { kind: 'get', recordsExpected: outcome.acknowledged });
  const { putMicros: getMicros, putMegabytes: getMegabytes } = putFigures(read);
  turn.note({ ...putFigures(outcome), getMicros, getMegabytes }, undefined, contender.name);
}
