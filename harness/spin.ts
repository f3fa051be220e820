import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A configuration of `docs/models/sealing.pml`. */
export type Model = {
  readonly name: string;
  readonly defines: readonly string[];
  /** What is checked: that no assertion fails, or that a split ends. */
  readonly property: 'safety' | 'splits';
  /** Those of the first size take half a second, small ones a second, large ones minutes. */
  readonly size: 'smallest' | 'small' | 'large';
  /** What is wrong in it: it must fail. */
  readonly bug?: string;
};

export type Checked = {
  /** What fails; undefined when nothing does. */
  readonly failure: string | undefined;
  readonly states: number;
  readonly depth: number;
  readonly seconds: number;
};

const one = ['GATEWAYS=1', 'SEALERS=1'];
const duty = ['GATEWAYS=2', 'SEALERS=0', 'APPENDS=0', 'REMOVALS', 'DUTY'];

function planted(name: string, bug: string, size: Model['size'], defines = [...one, 'MARKS=1']): Model {
  return { name, defines: [...defines, `BUG_${bug}`], property: 'safety', size, bug };
}

function sound(name: string, size: Model['size'], ...defines: string[]): Model {
  return { name, defines, property: 'safety', size };
}

/** What is checked of it: as it is meant, and with something wrong in it. */
export const sealingModels: readonly Model[] = [
  sound('one gateway, one sealer', 'small', ...one, 'MARKS=2'),
  sound('two appends', 'small', ...one, 'MARKS=1', 'APPENDS=2'),
  sound('who is silent is removed, and joins again', 'smallest', ...one, 'MARKS=2', 'REMOVALS'),
  { name: 'a split ends', defines: [...one, 'MARKS=2'], property: 'splits', size: 'smallest' },
  planted('the lease is checked before the answer of the broker only', 'CHECK_EARLY', 'smallest'),
  planted('the sealer does not wait', 'NO_WAIT', 'smallest'),
  planted('a heartbeat renews the lease before it was applied', 'RENEW_EARLY', 'smallest'),
  planted('a lease counts from the answer to its heartbeat', 'FROM_ANSWER', 'small'),
  planted('a lease renewed after CLOSING counts for what is closing', 'NOT_FROZEN', 'small'),
  planted('a gateway acknowledges by its lease after it has drained', 'DRAINS_AND_ACKNOWLEDGES', 'small'),
  planted('clocks are taken to run at the same rate', 'NO_DRIFT', 'small'),
  planted('one replica is enough for an answer', 'ONE_REPLICA', 'small'),
  planted('the last seal wins', 'LAST_SEAL', 'small', ['GATEWAYS=1', 'SEALERS=2', 'MARKS=1']),
  {
    name: 'the sealer waits for the drained only, whatever becomes of leases',
    defines: [...one, 'MARKS=2', 'BUG_NO_EXPIRY'],
    property: 'splits',
    size: 'smallest',
    bug: 'NO_EXPIRY',
  },
  sound('a duty is done by one', 'large', ...duty),
  sound('a duty is done by one, also when they leave', 'large', ...duty, 'LEAVES'),
  planted('a duty is taken over without patience for slow clocks', 'NO_DRIFT', 'small', duty),
  planted('who leaves says so before it stops', 'LEAVES_FIRST', 'large', [...duty, 'LEAVES']),
  sound('two sealers race', 'large', 'GATEWAYS=1', 'SEALERS=2', 'MARKS=2'),
  sound('a longer lease', 'large', ...one, 'MARKS=2', 'REMOVALS', 'LEASE=2'),
  sound('two gateways', 'large', 'GATEWAYS=2', 'SEALERS=1', 'MARKS=1'),
];

/** Why no model can be checked here; undefined when one can. */
export async function whyNoSpin(): Promise<string | undefined> {
  for (const program of [
    ['spin', '-V'],
    ['cc', '--version'],
  ] as const) {
    try {
      await run(program[0], [program[1]]);
    } catch {
      return `${program[0]} is not installed: Debian has it (apt-get install spin gcc)`;
    }
  }
  return undefined;
}

/** Looks at all states of a model, or at those up to the first that is wrong. */
export async function checkModel({ defines, property, size }: Model): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-model-'));
  try {
    const cwd = { cwd: folder, maxBuffer: 1 << 26 };
    await copyFile(join(import.meta.dirname, '..', 'docs/models/sealing.pml'), join(folder, 'sealing.pml'));
    await run('spin', [...defines.map((define) => `-D${define}`), '-a', 'sealing.pml'], cwd);
    const kind = property === 'safety' ? ['-DSAFETY', '-DNOCLAIM'] : ['-DNFAIR=4'];
    await run(
      'cc',
      ['-w', size === 'large' ? '-O2' : '-O0', ...kind, '-DCOLLAPSE', '-DMEMLIM=8000', '-o', 'pan', 'pan.c'],
      cwd,
    );
    const options = property === 'safety' ? [] : ['-a', '-f'];
    const { stdout } = await run('./pan', [...options, '-m3000000'], cwd);
    return read(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the checker has said. Throws when it did not look at everything that it could reach. */
function read(text: string): Checked {
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const errors = number(/errors: (\d+)/);
  const failure = /^pan:1: (.*?) \(at depth/m.exec(text)?.[1];
  if (
    Number.isNaN(errors) ||
    (errors > 0 && failure === undefined) ||
    text.includes('max search depth too small')
  ) {
    throw new Error(`The model was not checked: ${text.slice(0, 2_000)}`);
  }
  return {
    failure,
    states: number(/^\s*(\d+) states, stored/m),
    depth: number(/depth reached (\d+)/),
    seconds: number(/elapsed time ([\d.]+)/),
  };
}
