import { strict as assert } from 'node:assert';
import { DamagedError, NewerFormatError } from '../log/log.ts';
import type { FactEdit } from './facts.ts';
import type { Revision } from './revision.ts';
import type { RevisionCodec } from './state-machine.ts';

/**
 * A record of a log of facts, in JSON: `{"format":1,"after":version,"edits":[…]}`. Unlike in other journals a
 * value may have keys that a user chose, and nothing in it stands for anything but itself.
 */
export function factCodec<Kinds>(
  kinds: {
    readonly [Kind in keyof Kinds & string]: true;
  },
): RevisionCodec<FactEdit<Kinds>> {
  const lengths = new WeakMap<FactEdit<Kinds>, number>();
  const isOurs = (edit: unknown, record: string): edit is FactEdit<Kinds> => {
    if (!isEdit(edit)) return false;
    if (edit.kind !== 'said' && edit.kind !== 'forgotten')
      throw newer(record, `an edit of the kind ${edit.kind}`);
    if (!Object.hasOwn(kinds, edit.of)) throw newer(record, `a fact of the kind ${edit.of}`);
    return edit.kind === 'forgotten' || Object.hasOwn(edit, 'value');
  };
  return {
    encode(revision) {
      assert('after' in revision && !('version' in revision), 'a log that is restated has no snapshots');
      const { after, edits } = revision;
      return Buffer.from(JSON.stringify({ format, after, edits }));
    },
    bytesOf(edit) {
      const known = lengths.get(edit);
      if (known !== undefined) return known;
      const length = Buffer.byteLength(JSON.stringify(edit)) + 1;
      lengths.set(edit, length);
      return length;
    },
    decode(data, record): Revision<FactEdit<Kinds>> {
      const { format: itsFormat, after, edits } = parsed(data);
      if (Number.isInteger(itsFormat) && itsFormat !== format) throw newer(record, `format ${itsFormat}`);
      const isWhole = itsFormat === format && Number.isInteger(after) && Array.isArray(edits);
      if (!isWhole || !edits.every((edit) => isOurs(edit, record))) {
        throw new DamagedError(`${record} cannot be decoded`);
      }
      return { after: Number(after), edits };
    },
  };
}

const format = 1;

function newer(record: string, what: string): NewerFormatError {
  return new NewerFormatError(`${record} was written by a newer Millrace (${what})`);
}

function parsed(data: Uint8Array): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString());
    return isObject(found) ? found : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function isEdit(edit: unknown): edit is { readonly kind: string; readonly of: string; readonly key: string } {
  if (!isObject(edit)) return false;
  return ['kind', 'of', 'key'].every((name) => typeof edit[name] === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
