import type { ReaderSight } from '../../../src/services/millrace/sights.ts';
import { href } from '../../shell/address.ts';
import type { Parameters } from '../../shell/pattern.ts';

/** Where readers are shown; with one, that one. */
export function addressOf(reader?: ReaderSight): string {
  if (reader === undefined) return href(['readers']);
  return href(['readers', reader.Kind, reader.StreamName, nameIn(reader)]);
}

/** Whether a reader is the one of an address. */
export function isAt(reader: ReaderSight, { kind, stream, name }: Parameters): boolean {
  return reader.Kind === kind && reader.StreamName === stream && nameIn(reader) === name;
}

const nameIn = ({ Id: id, Name: name }: ReaderSight) => id ?? name;
