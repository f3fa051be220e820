import assert from 'node:assert/strict';
import { bufferOf } from '../../env/buffer-of.ts';
import type { HttpResponse } from '../../env/network.ts';
import type { Codec } from '../codec.ts';
import type { AnswerShape } from '../protocol.ts';
import { printScalar, type ScalarShape } from '../scalar-text.ts';
import type { Shape, StructureShape, UnionShape } from '../shape.ts';
import type { RestBinding } from './binding.ts';

type Members = Readonly<Record<string, unknown>>;

/** The answer to a call that succeeded. */
export function writeOutput(
  codec: Codec,
  { status = 200, answer: places = {} }: RestBinding,
  output: AnswerShape,
  value: unknown,
): HttpResponse {
  if (output === undefined) return { status, headers: {}, body: '' };
  assert(output.kind === 'structure', 'there is no stream of events in REST');
  const members = value as Members;
  const said = places.status === undefined ? undefined : (members[places.status] as number | undefined);
  const content = contentOf(codec, places, output, members);
  return {
    status: said ?? status,
    headers: { ...headersOf(places.headers ?? {}, output, members), ...content.headers },
    body: content.body,
  };
}

type Places = NonNullable<RestBinding['answer']>;
type Content = Pick<HttpResponse, 'headers' | 'body'>;

function contentOf(codec: Codec, places: Places, output: StructureShape, members: Members): Content {
  const { payload } = places;
  if (payload !== undefined) return payloadOf(codec, places, output.members[payload]!, members[payload]);
  const placed = new Set([...Object.keys(places.headers ?? {}), ...(places.status ? [places.status] : [])]);
  if (placed.size > 0 && output.names.every((name) => placed.has(name))) return { headers: {}, body: '' };
  const rest = Object.fromEntries(Object.entries(members).filter(([name]) => !placed.has(name)));
  return encoded(codec, output, rest);
}

function payloadOf(codec: Codec, { type }: Places, shape: Shape, value: unknown): Content {
  if (value === undefined) return { headers: {}, body: '' };
  if (shape.kind === 'string') return { headers: { 'Content-Type': 'text/plain' }, body: value as string };
  if (shape.kind === 'blob') {
    const headers = { 'Content-Type': type ?? 'application/octet-stream' };
    return { headers, body: bufferOf(value as Uint8Array) };
  }
  assert(shape.kind === 'structure' || shape.kind === 'union');
  return encoded(codec, shape, value);
}

function encoded(codec: Codec, shape: StructureShape | UnionShape, value: unknown): Content {
  const pieces = codec.encodePieces<Shape>(value, shape);
  return { headers: { 'Content-Type': codec.contentType }, body: pieces.length === 1 ? pieces[0]! : pieces };
}

function headersOf(
  places: Readonly<Record<string, string>>,
  output: StructureShape,
  members: Members,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [member, header] of Object.entries(places)) {
    const shape = output.members[member]!;
    const value = members[member];
    if (value === undefined) continue;
    headers[header] =
      shape.kind === 'list'
        ? (value as readonly unknown[])
            .map((item) => listedText(printScalar(shape.item as ScalarShape, item, 'http-date')))
            .join(', ')
        : printScalar(shape as ScalarShape, value, 'http-date');
  }
  return headers;
}

/** An item of a header's list, in quotes where it needs them (RFC 9110 §5.6.4). */
function listedText(text: string): string {
  return /[,"]|^\s|\s$|^$/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}
