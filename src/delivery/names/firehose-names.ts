import type { ObjectNames } from '../delivery-spec.ts';
import { ownOf } from '../own-of.ts';
import { compileDatePattern } from './date-pattern.ts';
import type { NameContext } from './name-context.ts';
import { NamesError } from './names-error.ts';
import type { CompiledNames, NamedPartitionKey } from './object-names.ts';
import { type PrefixPiece, prefixPiecesOf } from './prefix-expression.ts';
import { lettersOf, uuidOf } from './unique-text.ts';

/**
 * Names as Firehose makes them: the prefix, evaluated, and then `<name>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid>`
 * and the extension (Data Firehose developer guide, "Configure Amazon S3 object name format"). A prefix
 * without any expression gets `yyyy/MM/dd/HH/` behind it, without a slash between them; one for errors that
 * has none gets the type of the error before that.
 */
export function firehoseNames(names: FirehoseNames): CompiledNames {
  const pieces = prefixPiecesOf(names.prefix, names.timeZone);
  const hour = compileDatePattern('yyyy/MM/dd/HH/', names.timeZone);
  const second = compileDatePattern('yyyy-MM-dd-HH-mm-ss', names.timeZone);
  const hasExpressions = pieces.some((piece) => piece.kind !== 'text');
  return {
    keys: keysOf(pieces),
    keyBytesMax: evaluatedMax - fixedBytes(pieces),
    nameOf(context) {
      const unique = `${context.random}/${context.index}`;
      const prefix = pieces.map((piece, index) => evaluated(piece, context, `${unique}/${index}`)).join('');
      const folder = hasExpressions ? prefix : `${prefix}${errorFolderOf(context)}${hour(context.oldest)}`;
      const { name, number } = context.owner;
      const extension = names.extension || context.extension;
      return `${folder}${name}-${number}-${second(context.oldest)}-${uuidOf(unique)}${extension}`;
    },
  };
}

type FirehoseNames = Extract<ObjectNames, { kind: 'firehose' }>;

function evaluated(piece: PrefixPiece, context: NameContext, unique: string): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'timestamp':
      return piece.pattern(context.oldest);
    case 'random':
      return lettersOf(unique, randomStringLength);
    case 'error type':
      return context.errorType ?? '';
    case 'key':
      return (
        ownOf((piece.from === 'query' ? context.queryKeys : context.partitionKeys) ?? {}, piece.name) ?? ''
      );
  }
}

/**
 * Of a prefix without its keys. What is put behind a prefix without expressions does not count, as at AWS.
 */
function fixedBytes(pieces: readonly PrefixPiece[]): number {
  const context = {
    owner: { name: '', number: '' },
    streamName: '',
    oldest: 0,
    random: '',
    index: 0,
    extension: '',
  };
  const bytes = Buffer.byteLength(pieces.map((piece) => evaluated(piece, context, '')).join(''));
  if (bytes > evaluatedMax) throw new NamesError(prefixTooLong);
  return bytes;
}

/** "Neither Prefix nor ErrorOutputPrefix can be greater than 512 characters after they're evaluated." */
const evaluatedMax = 512;

/** AWS's words (recorded). */
export const prefixTooLong = `Length of evaluated prefix cannot be greater than ${evaluatedMax}`;

/** "Evaluates to a random string of 11 characters" (developer guide, "Custom prefixes"). */
const randomStringLength = 11;

function errorFolderOf(context: NameContext): string {
  return context.errorType === undefined ? '' : `${context.errorType}/`;
}

function keysOf(pieces: readonly PrefixPiece[]): readonly NamedPartitionKey[] {
  const keys = new Map<string, NamedPartitionKey>();
  for (const piece of pieces) {
    if (piece.kind !== 'key') continue;
    const { from, name } = piece;
    const id = `${from}:${name}`;
    keys.set(id, { from, name, times: (keys.get(id)?.times ?? 0) + 1 });
  }
  return [...keys.values()];
}
