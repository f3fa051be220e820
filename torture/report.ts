import type { Result } from './runner.ts';

/** The table at the end: a line for each fault. */
export function table(results: readonly Result[]): string {
  const rows = results.map(row);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((cells) => cells[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ');
  const skips = results.filter(({ skipped }) => skipped !== undefined);
  return [
    line(heads),
    ...rows.map(line),
    ...skips.map(({ fault, skipped }) => `skipped ${fault.name}: ${skipped}`),
    ...results.flatMap(({ fault, figures }) => (figures === undefined ? [] : `${fault.name}: ${figures}`)),
  ].join('\n');
}

const heads = ['fault', 'what is done', 'rounds', 'acknowledged', 'lost', 'duplicated', 'other', 'seconds'];

function row({ fault, skipped, rounds, acknowledged, violations, seconds }: Result): string[] {
  const name = fault.peer === undefined ? fault.name : `${fault.name} (${fault.peer})`;
  if (skipped !== undefined) return [name, fault.title, 'skipped', '', '', '', '', ''];
  const lost = countOf(violations, 'lost');
  const duplicated = countOf(violations, 'duplicated');
  const other = violations.length - lost - duplicated;
  return [
    name,
    fault.title,
    ...[rounds, acknowledged, lost, duplicated, other, Math.round(seconds)].map(String),
  ];
}

function countOf(violations: Result['violations'], kind: string): number {
  return violations.filter(({ sentence }) => sentence.startsWith(`${kind}:`)).length;
}

/** True when our server broke a promise. */
export function isBroken({ fault, violations }: Result): boolean {
  return fault.peer === undefined && violations.length > 0;
}

/** Each broken promise, and the command that plays the same schedule again. */
export function complaints(result: Result, seed: number, seconds: number): string {
  const { fault, violations } = result;
  const shown = violations.slice(0, shownMax).map(({ round, sentence }) => `  round ${round}: ${sentence}`);
  const rest = violations.length > shownMax ? [`  and ${violations.length - shownMax} more`] : [];
  const last = Math.max(...violations.map(({ round }) => round));
  // With seconds a fault may do more, and judge more.
  const within = Number.isFinite(seconds) ? ` --seconds ${seconds}` : '';
  const again = `npm run torture -- --only ${fault.name} --seed ${seed} --rounds ${last}${within}`;
  return [`${fault.name} broke ${violations.length} promises:`, ...shown, ...rest, `Again: ${again}`].join(
    '\n',
  );
}

const shownMax = 20;
