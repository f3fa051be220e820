import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDecoder } from '../../../src/views/decode/decode-records.ts';
import { runQuery } from '../../../src/views/query/run-query.ts';
import type { DecodedRecord, Decoder, ViewedRecord } from '../../../src/views/view.ts';
import { compileWhere } from '../../../src/views/where/compile-where.ts';
import { ViewError } from '../../../src/views/view-error.ts';

/** A server behind which there is another: it decodes, filters and asks what that one's tail sends. */
export async function viewingProxy(behind: string) {
  const server = createServer((request, response) => {
    answer(behind, request, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(behind: string, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url!, behind);
  const ended = new AbortController();
  response.on('close', () => ended.abort());
  const [, what] = /^\/streams\/[^/]+\/(tail|query)$/.exec(url.pathname) ?? [];
  if (what === undefined) return pass(url, request, response);
  const { searchParams } = url;
  const asked = Object.fromEntries(searchParams);
  for (const name of ['where', 'decode', 'schema', 'sql']) searchParams.delete(name);
  if (what === 'query') url.pathname = url.pathname.replace('query', 'tail');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && name !== 'connection') headers[name] = value;
  }
  const decode = openDecoder({ decoder: (asked['decode'] ?? 'auto') as Decoder, deaggregate: true, ...(asked['schema'] ? { schema: asked['schema'] } : {}) });
  const refuse = (error: ViewError) => {
    response.writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'InvalidArgumentException' });
    response.end(JSON.stringify({ message: `where: ${error.message}${error.position === undefined ? '' : ` at position ${error.position}`}` }));
  };
  let where: ReturnType<typeof compileWhere> | undefined;
  try {
    where = asked['where'] === undefined ? undefined : compileWhere(asked['where']);
  } catch (error) {
    return refuse(error as ViewError);
  }
  const upstream = await fetch(url, { headers, signal: ended.signal });
  if (!upstream.ok) {
    response.writeHead(upstream.status, { 'content-type': 'application/json' });
    return response.end(await upstream.text());
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (what === 'query') return await query(asked['sql']!, upstream, decode, response, ended.signal);
  for await (const block of blocksOf(upstream)) {
    const [, data] = /^event: record\ndata: (.*)$/m.exec(block) ?? [];
    if (data === undefined) {
      response.write(`${block}\n\n`);
      continue;
    }
    const id = /^id: .*$/m.exec(block)?.[0];
    const records = [...decode([viewed(data)])].filter((record) => where?.matches(record) ?? true);
    let text = '';
    for (const [index, record] of records.entries()) {
      const shown = asked['decode'] === undefined ? data : JSON.stringify({ ...record, data: Buffer.from(record.data).toString('base64') });
      text += `event: record\ndata: ${shown}\n${id !== undefined && index === records.length - 1 ? `${id}\n` : ''}\n`;
    }
    if (text !== '' && !response.write(text)) await new Promise<void>((resolve) => response.once('drain', resolve));
  }
  response.end();
}

function viewed(data: string): ViewedRecord {
  const raw = JSON.parse(data);
  return { ...raw, data: Buffer.from(raw.data, 'base64') };
}

async function query(sql: string, upstream: Response, decode: (records: ViewedRecord[]) => Iterable<DecodedRecord>, response: ServerResponse, signal: AbortSignal) {
  const send = (event: string, data: unknown) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  let records = 0;
  let bytes = 0;
  async function* pages() {
    for await (const block of blocksOf(upstream)) {
      const [, data] = /^event: record\ndata: (.*)$/m.exec(block) ?? [];
      if (data === undefined) continue;
      const record = viewed(data);
      records++;
      bytes += record.data.length;
      yield decode([record]);
    }
  }
  try {
    const { columns, rows } = runQuery(sql, pages, signal);
    send('columns', columns);
    for await (const row of rows) send('row', row);
    send('end', { records, bytes });
  } catch (error) {
    if (!(error instanceof ViewError)) throw error;
    send('trouble', { type: 'InvalidArgumentException', message: error.message, position: error.position });
  }
  response.end();
}

async function* blocksOf(upstream: Response) {
  let rest = '';
  for await (const piece of upstream.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop()!;
    yield* blocks;
  }
}

async function pass(url: URL, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && !['connection', 'content-length', 'accept-encoding'].includes(name)) headers[name] = value;
  }
  const body = chunks.length === 0 ? null : Buffer.concat(chunks);
  const upstream = await fetch(url, { method: request.method!, headers, body });
  response.writeHead(upstream.status, Object.fromEntries([...upstream.headers].filter(([name]) => !/^(transfer-encoding|content-encoding|content-length|connection|keep-alive)$/.test(name))));
  response.end(Buffer.from(await upstream.arrayBuffer()));
}
