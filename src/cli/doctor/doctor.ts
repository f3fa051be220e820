import type { PlaceOptions } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { loadOptions } from '../load-options.ts';
import { type Style, styled } from '../table.ts';
import { diskFindings } from './disk-findings.ts';
import type { Finding } from './finding.ts';
import { machineFindings } from './machine-findings.ts';
import { serverFindings } from './server-findings.ts';
import { tlsFindings } from './tls-findings.ts';

export type DoctorOptions = PlaceOptions & {
  readonly json?: boolean;
  readonly data?: string;
  readonly config?: string;
};

/** Looks at everything that a server needs; answers 1 where something keeps it from working. */
export async function runDoctor(options: DoctorOptions, world: CommandWorld): Promise<number> {
  const { surroundings, clock, out } = world;
  const { data, config } = options;
  const flags = { ...(data === undefined ? {} : { data }), ...(config === undefined ? {} : { config }) };
  const server = await loadOptions({ flags, ...surroundings });
  const findings = [
    ...machineFindings(surroundings.variables),
    ...(server.memory || server.engine !== 'embedded' ? [] : await diskFindings(server.data, world)),
    ...(await tlsFindings(server, surroundings, clock.now())),
    ...(await serverFindings(options, world)),
  ];
  const text =
    (options.json ?? !out.isTerminal)
      ? `${JSON.stringify(findings, undefined, 2)}\n`
      : shown(findings, world);
  await out.write(text);
  return findings.some(({ state }) => state === 'fault') ? 1 : 0;
}

function shown(findings: readonly Finding[], { out }: CommandWorld): string {
  const width = Math.max(...findings.map(({ topic }) => topic.length));
  const lines = findings.map(({ topic, state, says, todo }) => {
    const { sign, style } = signs[state];
    const line = `${styled(sign, style, out)} ${topic.padEnd(width)}  ${says}\n`;
    return todo === undefined ? line : `${line}${' '.repeat(width + 4)}→ ${todo}\n`;
  });
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  return `${lines.join('')}\n${count('fault')} faults, ${count('warning')} warnings\n`;
}

const signs: Readonly<Record<Finding['state'], { readonly sign: string; readonly style: Style }>> = {
  ok: { sign: '✓', style: 'green' },
  warning: { sign: '!', style: 'yellow' },
  fault: { sign: '✗', style: 'red' },
};
