import { historyOf, type SnapshotJson, type TableMetadata } from './format/table-metadata.ts';
import type { WriterMarks } from './iceberg-table.ts';

/**
 * How far a writer has come, by the table. Its property says so, and outlives its snapshots when they expire;
 * where somebody has removed it, the newest snapshot of the writer says so.
 */
export function marksIn(metadata: TableMetadata, writer: string): string | undefined {
  return (
    metadata.properties?.[propertyOf(writer)] ??
    historyOf(metadata).find(({ summary }) => summary?.[summaryWriter] === writer)?.summary?.[summaryMarks]
  );
}

/** What a commit sets in the table's properties. */
export function markProperties({ writer, marks }: WriterMarks): Record<string, string> {
  return { [propertyOf(writer)]: marks };
}

/** What the summary of a commit's snapshot says besides. */
export function markSummary({ writer, marks }: WriterMarks): NonNullable<SnapshotJson['summary']> {
  return { [summaryWriter]: writer, [summaryMarks]: marks };
}

/** Whether a snapshot is an append of a writer that leaves marks. */
export function isOfWriter({ summary }: SnapshotJson): boolean {
  return summary?.['operation'] === 'append' && summary[summaryWriter] !== undefined;
}

function propertyOf(writer: string): string {
  return `millrace.marks.${writer}`;
}

const summaryWriter = 'millrace.writer';
const summaryMarks = 'millrace.marks';
