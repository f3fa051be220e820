import type { TestContext } from 'node:test';

/**
 * Tells what a test has counted, in a few words: `18,000 of 18,000 records, 12 of them twice`. A full run
 * keeps it, and docs/clients.md shows it.
 */
export function counted(test: Pick<TestContext, 'diagnostic'>, what: string): void {
  test.diagnostic(`${countedPrefix}${what}`);
}

/** What sets it apart from everything else that a test says. */
export const countedPrefix = 'counted: ';
