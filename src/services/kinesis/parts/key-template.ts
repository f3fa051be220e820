/**
 * What is wrong with the template of the keys of a channel's objects; undefined when nothing is. `known` has
 * the values that its variables have for this channel (developer guide, "S3 output key template for Amazon S3
 * delivery").
 */
export function troubleOfTemplate(
  template: string,
  known: KnownNames,
  isCompressed: boolean,
): string | undefined {
  const path = troubleOfPath(template);
  if (path !== undefined) return path;
  let expanded = '';
  let extensions = 0;
  for (const piece of piecesOf(template)) {
    if (extensions > 0) return 'an extension must be at its end, and only there';
    if (typeof piece === 'string') {
      if (/[^0-9A-Za-z!\-_'.*()/=]/.test(piece))
        return `it has a variable that is not closed, or ${piece} beside one`;
      expanded += piece;
      continue;
    }
    const { name, argument } = piece;
    if (name === 'extension') {
      if (argument !== undefined && !/^\.[a-z.]+$/.test(argument)) {
        return `the extension ${argument} must begin with a period, and have only lowercase letters and periods`;
      }
      extensions += 1;
      expanded += argument ?? '.zst';
      continue;
    }
    const value = argument === undefined ? expansionOf(name, known) : undefined;
    if (value === undefined)
      return `!{${argument === undefined ? name : `${name}:${argument}`}} is not a variable`;
    expanded += value;
  }
  if (isCompressed && extensions === 0) return 'it needs an extension where objects are compressed';
  return expanded.length > expandedMax
    ? `it comes to more than ${expandedMax} characters`
    : troubleOfPath(expanded);
}

/** The names that a template may say. */
export type KnownNames = {
  readonly channelName: string;
  readonly channelId: string;
  readonly streamName: string;
};

/** Of S3's 1,024 characters of a key, a suffix that makes it unique takes 38. */
const expandedMax = 1024 - 38;

type Variable = { readonly name: string; readonly argument: string | undefined };

function* piecesOf(template: string): Iterable<string | Variable> {
  let end = 0;
  for (const match of template.matchAll(/!\{([^{}:]*)(?::([^{}]*))?\}/g)) {
    if (match.index > end) yield template.slice(end, match.index);
    yield { name: match[1]!, argument: match[2] };
    end = match.index + match[0].length;
  }
  if (end < template.length) yield template.slice(end);
}

/** A value of the length that it will have; undefined when there is no such variable. */
function expansionOf(name: string, { channelName, channelId, streamName }: KnownNames): string | undefined {
  switch (name) {
    case 'channel-name':
      return channelName;
    case 'channel-id':
      return channelId;
    case 'stream-name':
      return streamName;
    case 'yyyy':
      return '2026';
    case 'yy':
    case 'MM':
    case 'dd':
    case 'HH':
    case 'mm':
      return '00';
    default:
      return undefined;
  }
}

/** What is wrong with the folders of a key, or of its beginning. */
export function troubleOfPath(path: string): string | undefined {
  if (path.startsWith('/')) return 'it begins with a slash';
  if (path.includes('//')) return 'it has consecutive slashes';
  if (path.includes('..')) return 'it has consecutive periods';
  return path.split('/').includes('.') ? 'it has a folder that is a period' : undefined;
}
