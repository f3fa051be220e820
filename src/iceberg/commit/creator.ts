import type { NewTable } from '../iceberg-table.ts';
import type { HeldMetadata } from './table-home.ts';

/**
 * Who makes a table may say so in this property. If the answer is lost and the table is asked for again, it
 * is known as the one that was asked for, and not as somebody else's.
 */
export const creatorProperty = 'millrace.creator';

export function isOwnTable({ metadata }: HeldMetadata, request: NewTable): boolean {
  const creator = request.properties?.[creatorProperty];
  return creator !== undefined && metadata.properties?.[creatorProperty] === creator;
}
