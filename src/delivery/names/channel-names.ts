import { ownOf } from '../own-of.ts';
import { compileDatePattern } from './date-pattern.ts';
import type { NameContext } from './name-context.ts';
import { NamesError } from './names-error.ts';
import type { CompiledNames } from './object-names.ts';
import { lettersOf } from './unique-text.ts';

/**
 * Names by a channel's `OutputKeyTemplate` (Kinesis developer guide, "S3 output key template for Amazon S3
 * delivery"), such as
 * `kinesis-channel/!{channel-name}/!{yyyy}/!{MM}/!{channel-id}-!{mm}!{extension}`. What is before the last
 * slash is a prefix, what is behind it the name of the object, which gets a suffix before its extension that
 * no other object has: `-000000-105a4e6efaa`, as MSK's delivery does it. A template that ends with a slash is
 * a prefix only, as error prefixes are: the name is the channel's then.
 */
export function channelNames(template: string): CompiledNames {
  const pieces = channelPiecesOf(template);
  return {
    keys: [],
    keyBytesMax: 0,
    nameOf(context) {
      const unique = `${context.random}/${context.index}`;
      const suffix = `-${String(context.index).padStart(6, '0')}-${lettersOf(unique, 11).toLowerCase()}`;
      const named = pieces.some((piece) => piece.kind === 'extension')
        ? pieces.map((piece) => (piece.kind === 'extension' ? suffix : '') + piece.text(context)).join('')
        : pieces.map((piece) => piece.text(context)).join('') + fileOf(template, context) + suffix;
      return pieces.some((piece) => piece.kind === 'extension') ? named : named + context.extension;
    },
  };
}

function fileOf(template: string, context: NameContext): string {
  return template.endsWith('/') || template === '' ? `${context.owner.name}-${context.owner.number}` : '';
}

type ChannelPiece = {
  readonly kind: 'text' | 'variable' | 'extension';
  readonly text: (context: NameContext) => string;
};

/** `NamesError` where a variable is not known, or a brace is not closed. */
function channelPiecesOf(template: string): readonly ChannelPiece[] {
  const pieces: ChannelPiece[] = [];
  let at = 0;
  while (at < template.length) {
    const start = template.indexOf('!{', at);
    const text = template.slice(at, start === -1 ? template.length : start);
    if (text !== '') pieces.push({ kind: 'text', text: () => text });
    if (start === -1) break;
    const end = template.indexOf('}', start);
    if (end === -1) throw new NamesError(`The template has a variable that does not end: ${template}`);
    pieces.push(variableOf(template.slice(start + 2, end)));
    at = end + 1;
  }
  return pieces;
}

function variableOf(text: string): ChannelPiece {
  const [name, argument] = splitAt(text, ':');
  if (name === 'extension') return { kind: 'extension', text: (context) => argument ?? context.extension };
  const of = argument === undefined ? ownOf(variables, name) : undefined;
  if (of === undefined) throw new NamesError(`The template has a variable that is not known: !{${text}}`);
  return { kind: 'variable', text: of };
}

function splitAt(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const variables: Readonly<Record<string, (context: NameContext) => string>> = {
  'channel-name': (context) => context.owner.name,
  'channel-id': (context) => context.owner.number,
  'stream-name': (context) => context.streamName,
  ...Object.fromEntries(
    ['yyyy', 'yy', 'MM', 'dd', 'HH', 'mm'].map((letters) => {
      const pattern = compileDatePattern(letters, 'UTC');
      return [letters, (context: NameContext) => pattern(context.oldest)];
    }),
  ),
};
