// Asks npm's service for known advisories about the packages that a server needs.
//
//   npm run audit
//
// Ends with 0 when there are none but those in docs/advisories.json, with 1 when there are others, and with
// 2, and why, when the service cannot be reached: then nothing is known.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Accepted, verdictOn } from './advisories.ts';

const accepted: readonly Accepted[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../docs/advisories.json'), 'utf8'),
);
const { stdout } = spawnSync('npm', ['audit', '--omit', 'dev', '--json'], { encoding: 'utf8' });
const verdict = verdictOn(parsed(stdout ?? ''), accepted);
if (verdict.kind === 'unreachable') {
  console.error(`not audited: the service of npm audit cannot be reached from here (${verdict.why})`);
  process.exitCode = 2;
} else {
  for (const advisory of verdict.open) console.error(`open: ${advisory}`);
  for (const advisory of verdict.stale)
    console.error(`no longer known, to be removed from the list: ${advisory}`);
  console.log(`${verdict.open.length} open advisories, ${accepted.length - verdict.stale.length} accepted`);
  process.exitCode = verdict.open.length + verdict.stale.length > 0 ? 1 : 0;
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}
