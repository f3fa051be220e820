// Writes docs/planted-bugs.md from the proofs in sim/mutants/: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant, Proof } from '../sim/mutants/mutant.ts';
import { mutants } from '../sim/mutants/mutants.ts';
import { clusterSeedOf } from '../sim/mutants/place.ts';

export const plantedBugsPath = join(import.meta.dirname, '../docs/planted-bugs.md');

const opening = `# Planted bugs

This page is generated from \`sim/mutants/\` by \`npm run docs\`; a test keeps it up to date.

A harness that never fails proves nothing. So each of these bugs is planted in the server, one at a time, and has to be
caught: by the [simulation](simulation.md), with the word that its broken promise begins with, or by a test. The sources on
the disk stay as they are: a loader hook (\`sim/mutants/hook.ts\`) changes the text of a module as it is imported, and refuses
a bug whose text it does not find exactly once.

\`\`\`
npm run sim -- --mutants                           # tries all of them, and shows what catches each
npm run sim -- --mutants --only no-sync            # one of them
npm run sim -- --mutants --search                  # finds another world for those that their own no longer catches
npm run sim -- --mutants --search --only no-sync   # for one of them
\`\`\`

\`npm test\` tries each in the very world or test that stands here, and demands that the server without any bug keeps every
promise in the same worlds. Any change of the program may move what happens in a world. The test then names the bug, and the
command that looks for another world and writes it down where the bug is declared.

Most are of kinds that happened to systems that people rely on: lazy and ignored syncs, damage taken for a torn end, reads of what
was not durable, offsets given twice (Jepsen's analyses of Redpanda 21.10.1, Bufstream 0.1.0 and NATS 2.12.1; Pillai et al., OSDI 2014;
Alagappan et al., FAST 2018; Rebello et al., USENIX ATC 2020).

| bug | name | caught by |
|---|---|---|
`;

/** The page as the proofs are now. */
export function plantedBugsPage(): string {
  return opening + mutants.map(row).join('');
}

function row({ name, sentence, proof }: Mutant): string {
  return `| ${sentence} | \`${name}\` | ${proofText(proof)} |\n`;
}

function proofText(proof: Proof): string {
  if (proof.kind === 'test')
    return `test: ${proof.test.replaceAll('|', '\\|')} ([${nameOf(proof.file)}](../${proof.file}))`;
  const clusterSeed = clusterSeedOf(proof.place);
  if (clusterSeed !== undefined) return `\`${proof.breaks}\`, seed ${clusterSeed} of brokers and gateways`;
  const [seed, call, fate] = proof.place.split('/');
  const where = call === undefined ? `seed ${seed}` : `seed ${seed}, ${fate} at call ${call} of the disk`;
  return `\`${proof.breaks}\`, ${where}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

if (import.meta.main) writeFileSync(plantedBugsPath, plantedBugsPage());
