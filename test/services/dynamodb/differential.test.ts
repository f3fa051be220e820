import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLong, times } from '../../length.ts';
import { startTestServer } from '../../server/server-under-test.ts';
import type { Party } from './differential/dialogue.ts';
import { type Match, play, transcriptOf } from './differential/match.ts';
import { isAskedOfMoto } from './differential/moto.ts';
import { type Oracle, startDynamoDbLocal, startMoto } from './differential/oracles.ts';
import { drawProgram } from './differential/program.ts';
import { shrink } from './differential/shrink.ts';
import type { Step } from './differential/steps.ts';

// Random programs, sent to us and to somebody else. DIFFERENTIAL_SEED asks for others than the usual ones;
// differential/main.ts plays any of them against servers that are up.

const isThorough = process.env['CLIENTS'] === 'all';
let isLocalHere = false;
const first = Number(process.env['DIFFERENTIAL_SEED'] ?? 1);

test('DynamoDB Local, which is AWS’s own, answers random programs as we do', async (context) => {
  const count = isThorough ? 1_500 : times(15, 200);
  const local = await startDynamoDbLocal();
  isLocalHere = !('missing' in local);
  await compared(context, local, { count, texts: true });
});

test('moto answers random programs as we do, as far as it is right', async (context) => {
  if (isLocalHere && !isThorough && !isLong)
    return context.skip('DynamoDB Local was asked, which knows better; npm run clients asks both');
  const count = isThorough ? 400 : times(15, 60);
  await compared(context, await startMoto(), { count, texts: false, isAsked: isAskedOfMoto });
});

type Wanted = {
  readonly count: number;
  readonly texts: boolean;
  readonly isAsked?: (step: Step) => boolean;
};

async function compared(
  context: { skip(reason: string): void },
  oracle: Oracle,
  { count, texts, isAsked }: Wanted,
): Promise<void> {
  if ('missing' in oracle) return context.skip(oracle.missing);
  await using _ = oracle;
  await using server = await startTestServer();
  const ours: Party = { name: 'millrace', port: server.endpoint.port };
  const match: Match = { parties: [ours, oracle.party], texts };
  let answers = 0;
  for (let seed = first; seed < first + count; seed++) {
    const program = drawProgram(seed, 25, isAsked);
    const { found, compared: few } = await play(program, match);
    answers += few;
    if (found === undefined) continue;
    const whole = { ...program, steps: program.steps.slice(0, found.at + 1) };
    const small = await shrink(whole, async (smaller) => {
      const again = await play(smaller, match).catch(() => undefined);
      return again?.found?.difference.nature === found.difference.nature;
    });
    const said = (await play(small, match)).found?.difference.said;
    assert.fail(`seed ${seed}: we and ${oracle.party.name} differ\n${transcriptOf(small)}\n      ${said}`);
  }
  assert.ok(answers > 8 * count, `only ${answers} answers were compared`);
}
