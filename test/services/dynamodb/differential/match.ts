import { type Difference, differenceOf } from './comparison.ts';
import { ask, type Party, type Said } from './dialogue.ts';
import { type KnownDifference, knownDifferences, type Meeting } from './known.ts';
import { carryOut, type Program, rendered } from './program.ts';
import type { Step } from './steps.ts';

/** An answer in which two servers differ, and nobody knows why. */
export type Found = { readonly at: number; readonly step: Step; readonly difference: Difference };

/** What came of a program. */
export type Outcome = {
  readonly found: Found | undefined;
  /** How many answers were compared. */
  readonly compared: number;
  /** How many of them differed, by the reason that is known. */
  readonly known: ReadonlyMap<KnownDifference, number>;
};

/** Two servers, and whether their errors are to have the same texts. */
export type Match = { readonly parties: readonly [Party, Party]; readonly texts: boolean };

/** Plays a program to its end, or to where the servers cannot hold the same items any more. */
export async function play(program: Program, match: Match): Promise<Outcome> {
  const { parties } = match;
  await Promise.all(parties.map((party) => createAll(party, program)));
  try {
    return await compare(program, match);
  } finally {
    await Promise.all(parties.map((party) => deleteAll(party, program)));
  }
}

async function compare({ steps }: Program, { parties, texts }: Match): Promise<Outcome> {
  const known = new Map<KnownDifference, number>();
  for (const [at, step] of steps.entries()) {
    const [one, other] = await Promise.all(parties.map((party) => carryOut(party, step)));
    const difference = differenceOf(step, one!, other!, { texts });
    if (difference === undefined) continue;
    const meeting: Meeting = { step, difference, said: named(parties, [one!, other!]) };
    const reason = knownDifferences.find(({ whose, applies }) => whose in meeting.said && applies(meeting));
    if (reason === undefined) return { found: { at, step, difference }, compared: at + 1, known };
    known.set(reason, (known.get(reason) ?? 0) + 1);
    if (isParting(meeting, reason)) return { found: undefined, compared: at + 1, known };
  }
  return { found: undefined, compared: steps.length, known };
}

/**
 * One server wrote and the other did not, or wrote something else: from here on they have to differ. One that
 * refuses may have written all the same when it is not known for what it should be.
 */
function isParting({ step, difference }: Meeting, { isUntidy }: KnownDifference): boolean {
  if (/Get|Query|Scan/.test(step.operation) || difference.kind === 'text') return false;
  return isUntidy === true || difference.kind === 'outcome' || difference.kind === 'output';
}

function named(parties: Match['parties'], said: readonly Said[]): Record<string, Said> {
  return Object.fromEntries(parties.map(({ name }, index) => [name, said[index]!]));
}

async function createAll(party: Party, { tables }: Program): Promise<void> {
  for (const { name, creation } of tables) {
    // One that an earlier run was stopped in may be there still.
    await ask(party, 'DeleteTable', { TableName: name });
    const said = await ask(party, 'CreateTable', creation);
    if (said.kind === 'error') throw new Error(`${party.name} makes no table: ${said.type}: ${said.message}`);
  }
  for (const { name } of tables) await becomesActive(party, name);
}

async function becomesActive(party: Party, TableName: string): Promise<void> {
  for (;;) {
    const said = await ask(party, 'DescribeTable', { TableName });
    if (said.kind === 'error') throw new Error(`${party.name}: ${said.type}: ${said.message}`);
    if (JSON.stringify(said.output).includes('"TableStatus":"ACTIVE"')) return;
  }
}

async function deleteAll(party: Party, { tables }: Program): Promise<void> {
  for (const { name } of tables) await ask(party, 'DeleteTable', { TableName: name });
}

/** The requests, as they went over the wire, for a person to read. */
export function transcriptOf({ tables, steps }: Program): string {
  const lines = [
    ...tables.map(({ creation }) => `CreateTable ${JSON.stringify(creation)}`),
    ...steps.map(({ operation, input, segments }) => {
      const parts = segments === undefined ? '' : ` in ${segments} segments`;
      return `${operation}${parts} ${JSON.stringify(rendered(input))}`;
    }),
  ];
  return lines.map((line) => `    ${line}`).join('\n');
}
