import assert from 'node:assert/strict';
import type { HttpRequest } from '../../env/network.ts';
import { type HeaderFields, percentDecoded, queryOf } from '../../http/headers.ts';
import type { Codec } from '../codec.ts';
import type { Called } from '../protocol.ts';
import { readScalar, type ScalarShape, utf8Of } from '../scalar-text.ts';
import type { Shape, StructureShape, UnionShape } from '../shape.ts';
import type { RestBinding } from './binding.ts';

type Outside = NonNullable<Called['outside']>;
type Members = Record<string, unknown>;

/** The texts of the members outside of the body. `labels` are those in the path, still escaped. */
export function outsideOf(
  { query = {}, headers: named = {} }: RestBinding,
  labels: Readonly<Record<string, string>>,
  request: HttpRequest,
  headers: HeaderFields,
): Outside {
  const outside: Record<string, string | readonly string[]> = {};
  for (const [member, text] of Object.entries(labels)) outside[member] = percentDecoded(text);
  const parameters = Object.keys(query).length === 0 ? [] : queryOf(request.target);
  for (const [member, wanted] of Object.entries(query)) {
    const texts = parameters.filter(([name]) => name === wanted).map(([, text]) => text);
    if (texts.length > 0) outside[member] = texts;
  }
  for (const [member, header] of Object.entries(named)) {
    const text = headers.get(header);
    if (text !== undefined) outside[member] = text;
  }
  return outside;
}

/** The input of a call, not yet validated. Members with a place outside are read only there. */
export function readInput(
  codec: Codec,
  binding: RestBinding,
  outside: Outside,
  body: Buffer,
  shape: StructureShape,
): Members {
  const value: Members = readBody(codec, binding, body, shape);
  for (const member of placesOf(binding)) delete value[member];
  for (const [member, texts] of Object.entries(outside)) {
    value[member] = readTexts(shape.members[member]!, texts, binding.headers?.[member] !== undefined);
  }
  return value;
}

function readBody(codec: Codec, { payload }: RestBinding, body: Buffer, shape: StructureShape): Members {
  if (body.length === 0) return {};
  if (payload === undefined) return codec.decode(body, shape);
  const member = shape.members[payload]!;
  if (member.kind === 'blob') return { [payload]: body };
  if (member.kind === 'string') return { [payload]: utf8Of(body.toString('latin1')) };
  assert(member.kind === 'structure' || member.kind === 'union');
  return { [payload]: codec.decode<StructureShape | UnionShape>(body, member) };
}

/** The members that are never in the body. */
function placesOf({ http, query = {}, headers = {} }: RestBinding): string[] {
  const labels = [...http.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name!);
  return [...labels, ...Object.keys(query), ...Object.keys(headers)];
}

function readTexts(shape: Shape, texts: string | readonly string[], isHeader: boolean): unknown {
  const list = typeof texts === 'string' ? [texts] : texts;
  const format = isHeader ? 'http-date' : 'date-time';
  if (shape.kind !== 'list') return readScalar(shape as ScalarShape, list[0]!, format);
  const items = isHeader ? listed(list[0]!) : list;
  return items.map((text) => readScalar(shape.item as ScalarShape, text, format));
}

/** A header's list, with commas; items with a comma are in quotes (RFC 9110 §5.6.1, §5.6.4). */
function listed(text: string): string[] {
  const items = text.match(/"(?:[^"\\]|\\.)*"|[^,"\s](?:[^,]*[^,\s])?/g) ?? [];
  return items.map((item) => (item.startsWith('"') ? item.slice(1, -1).replace(/\\(.)/g, '$1') : item));
}
