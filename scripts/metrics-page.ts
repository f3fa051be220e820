// Writes the tables of docs/metrics.md from the names in src/: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { families } from '../src/server/metrics/families.ts';
import { withLowerPart } from './lower-part.ts';

export const metricsPath = 'docs/metrics.md';

/** The page as the sources are now. */
export function metricsPage(): string {
  const rows = families.map(
    ({ name, kind, labels, help }) => `| \`${name}\` | ${kind} | ${labels.join(', ')} | ${help} |\n`,
  );
  return withLowerPart(
    metricsPath,
    `## Every metric of /metrics\n\n| name | kind | labels | |\n|---|---|---|---|\n${rows.join('')}`,
  );
}

if (import.meta.main) writeFileSync(metricsPath, metricsPage());
