import { parseArgs } from 'node:util';
import type { Fault } from './fault.ts';

export const usage = `Hurts a real server on the real kernel, and checks that nothing acknowledged is lost.

  npm run torture                                every fault, a few minutes
  npm run torture -- --only kill,power           faults whose names begin so
  npm run torture -- --only kill --rounds 1000   that many rounds of each
  npm run torture -- --only functions --rounds 200   200 kills of servers and functions
  npm run torture -- --only deliveries --rounds 200  200 kills of servers and stores of objects
  npm run torture -- --seconds 60                no longer than that for each; hostile peers are judged by the clock, too
  npm run torture -- --seed 8231                 the same schedule again (the kernel's timing is its own)
  npm run torture -- --peers                     kinesalite and kinesis-local as well: installs them once
  npm run torture -- --engine kafka              several gateways on three real brokers, which it starts

Power cuts and full disks need root; a fault that cannot be done here is skipped and says why.
`;

export type Options = {
  readonly faults: readonly Fault[];
  /** Undefined: as many as is usual for the fault. */
  readonly rounds: number | undefined;
  readonly seconds: number;
  readonly seed: number;
};

/**
 * Reads the command line. Throws an error with one line when it makes no sense; undefined when help is asked
 * for.
 */
export function readOptions(
  args: readonly string[],
  faults: readonly Fault[],
  seed: number,
): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      peers: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'embedded' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { engine } = values;
  if (engine !== 'embedded' && engine !== 'kafka')
    throw new Error(`--engine must be embedded or kafka, not '${engine}'`);
  const ofEngine = faults.filter((fault) => (fault.engine ?? 'embedded') === engine);
  return {
    faults:
      values.only === undefined
        ? ofEngine.filter(({ peer }) => peer === undefined || values.peers)
        : values.only.split(',').flatMap((start) => named(faults, start)),
    rounds: values.rounds === undefined ? undefined : number('rounds', values.rounds),
    seconds: values.seconds === undefined ? Number.POSITIVE_INFINITY : number('seconds', values.seconds),
    seed: values.seed === undefined ? seed : number('seed', values.seed),
  };
}

function named(faults: readonly Fault[], start: string): Fault[] {
  const found = faults.filter(({ name }) => name.startsWith(start));
  if (found.length > 0) return found;
  throw new Error(`there is no fault '${start}'; there are ${faults.map(({ name }) => name).join(', ')}`);
}

function number(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`--${name} must be a whole number above 0, not '${text}'`);
}
