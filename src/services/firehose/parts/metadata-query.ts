import { invalidArgument } from '../errors.ts';

/** A key of a partition, and the jq that has its value. */
export type NamedQuery = readonly [name: string, query: string];

/**
 * The keys of a `MetadataExtractionQuery` with their queries: it is the one object that jq makes of a record,
 * `{customer: .customer_id, year: .at|strftime("%Y")}`. InvalidArgumentException for any other query.
 */
export function namedQueriesOf(text: string): NamedQuery[] {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) throw invalidQuery(text);
  return membersOf(trimmed.slice(1, -1), text).map((member) => namedQueryOf(member, text));
}

function namedQueryOf(member: string, text: string): NamedQuery {
  const [whole, quoted, plain] = memberForm.exec(member) ?? [];
  if (whole === undefined) throw invalidQuery(text);
  const query = member.slice(whole.length).trim();
  if (query === '') throw invalidQuery(text);
  return [quoted ?? plain!, query];
}

const memberForm = /^\s*(?:"([^"\\]+)"|([a-zA-Z_][a-zA-Z0-9_-]*))\s*:/;

/** What is between the commas that are in no string and no bracket. */
function membersOf(inner: string, text: string): string[] {
  const members: string[] = [];
  let [depth, from, isQuoted] = [0, 0, false];
  for (let at = 0; at < inner.length; at++) {
    const character = inner[at]!;
    if (isQuoted && character === '\\') at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      members.push(inner.slice(from, at));
      from = at + 1;
    }
    if (depth < 0) throw invalidQuery(text);
  }
  if (depth !== 0 || isQuoted) throw invalidQuery(text);
  return [...members, inner.slice(from)];
}

export function invalidQuery(text: string, why = 'it is no object of keys and queries') {
  return invalidArgument(`MetaDataExtraction JQ Query is invalid: ${why}: ${text}`);
}
