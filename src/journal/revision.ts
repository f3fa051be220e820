import { DamagedError, NewerFormatError } from '../log/log.ts';
import type { AnyEdit, StateMachine, Versioned } from './state-machine.ts';

/** Makes version `after + 1` of version `after`, and nothing of any other. */
export type Commit<Edit> = { readonly after: number; readonly edits: readonly Edit[] };

/** A version as a whole: the edits make it of the empty state. */
export type Snapshot<Edit> = { readonly version: number; readonly edits: readonly Edit[] };

/**
 * Makes version `after + 1` of version `after`, as a commit does, and says all of it, as a snapshot does:
 * what was before it may be forgotten. Only where several writers share a log: one that is alone makes a
 * snapshot.
 */
export type Rewrite<Edit> = Snapshot<Edit> & { readonly after: number };

export type Revision<Edit> = Commit<Edit> | Snapshot<Edit> | Rewrite<Edit>;

export function isRewrite<Edit>(revision: Revision<Edit>): revision is Rewrite<Edit> {
  return 'version' in revision && 'after' in revision;
}

/**
 * A record of the log: JSON, with a bigint as `{"bigint":"…"}`. Names that come from a user are values in it,
 * never keys of objects, so nothing else looks like that.
 */
export function encodeRevision<Edit>(revision: Revision<Edit>): Buffer {
  const record = { format: isRewrite(revision) ? rewriteFormat : format, ...revision };
  return Buffer.from(
    JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? { bigint: String(value) } : value)),
  );
}

/** Of the record as a whole. A program refuses formats, and kinds of edits, that it does not know. */
const format = 1;

/** Of a rewrite, which programs that know only one writer must not take for a snapshot. */
const rewriteFormat = 2;

/** A record of a machine's log: as its own codec has it, else JSON. */
export function recordOf<State extends Versioned, Edit extends AnyEdit>(
  { codec }: Pick<StateMachine<State, Edit>, 'codec'>,
  revision: Revision<Edit>,
): Buffer {
  return codec === undefined ? encodeRevision(revision) : codec.encode(revision);
}

/** The inverse of `recordOf`. Throws a `NewerFormatError`, or a `DamagedError` for what is no revision. */
export function decodeRevision<State extends Versioned, Edit extends AnyEdit>(
  { name, isKnown, codec }: Pick<StateMachine<State, Edit>, 'name' | 'isKnown' | 'codec'>,
  { offset, data }: { readonly offset: number; readonly data: Uint8Array },
): Revision<Edit> {
  const record = `record ${offset} in the journal of the ${name}`;
  if (codec !== undefined) return codec.decode(data, record);
  const found = parsed(data);
  if (!isObject(found)) throw new DamagedError(`${record} cannot be decoded`);
  const isKnownFormat = found['format'] === format || found['format'] === rewriteFormat;
  if (Number.isInteger(found['format']) && !isKnownFormat) {
    throw new NewerFormatError(`${record} was written by a newer Millrace (format ${found['format']})`);
  }
  if (!isRevision<Edit>(found)) throw new DamagedError(`${record} cannot be decoded`);
  const unknown = found.edits.find((edit) => !isKnown(edit));
  if (unknown === undefined) {
    return revisionOf(found);
  }
  throw new NewerFormatError(
    `${record} was written by a newer Millrace (an edit of the kind ${unknown.kind})`,
  );
}

/** The same without its format. */
function revisionOf<Edit>(found: Revision<Edit>): Revision<Edit> {
  const { edits } = found;
  if (isRewrite(found)) return { after: found.after, version: found.version, edits };
  return 'version' in found ? { version: found.version, edits } : { after: found.after, edits };
}

function parsed(data: Uint8Array): unknown {
  try {
    return restore(JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString()));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Restores bigints in place: as a reviver of JSON.parse it takes twice as long, at each start for all shards.
 */
function restore(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (typeof value['bigint'] === 'string') return BigInt(value['bigint']);
  for (const name in value) value[name] = restore(value[name]);
  return value;
}

function isRevision<Edit extends AnyEdit>(found: Record<string, unknown>): found is Revision<Edit> {
  const { format: itsFormat, after, version, edits } = found;
  if (itsFormat === rewriteFormat) {
    if (!Number.isInteger(after) || version !== Number(after) + 1) return false;
  } else if (itsFormat !== format || Number.isInteger(after) === Number.isInteger(version)) return false;
  return Array.isArray(edits) && edits.every((edit) => isObject(edit) && typeof edit['kind'] === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
