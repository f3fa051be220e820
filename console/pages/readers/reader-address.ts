import type { ReaderSight } from '../../../src/services/millrace/sights.ts';
import { href } from '../../shell/address.ts';

/** Where a reader is shown; without one, all of them. */
export function address(reader?: ReaderSight): string {
  if (reader === undefined) return href('readers');
  return href('readers', reader.Kind, reader.StreamName, reader.Id ?? reader.Name);
}

/** Whether a reader is the one of an address. */
export function isAt(reader: ReaderSight, at: Readonly<Record<string, string>>): boolean {
  const { kind, stream, name } = at;
  return reader.Kind === kind && reader.StreamName === stream && (reader.Id ?? reader.Name) === name;
}
