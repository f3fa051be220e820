import type { HttpResponse } from '../../env/network.ts';
import type { Protocol } from '../../wire/protocol.ts';
import type { RestBinding } from '../../wire/rest/binding.ts';
import { restProtocol } from '../../wire/rest/rest-protocol.ts';

/** The operations that a browser asks for by a path of its own. */
const bindings: Readonly<Record<string, RestBinding>> = {
  TailStream: {
    http: 'GET /streams/{StreamName}/tail',
    query: {
      ...{ From: 'from', Until: 'until', ShardIds: 'shard', Limit: 'limit', ResumeFrom: 'lastEventId' },
      ...{ StreamARN: 'arn', Where: 'where', Decode: 'decode', Schema: 'schema' },
    },
    headers: { LastEventId: 'last-event-id' },
  },
  QueryStream: {
    http: 'GET /streams/{StreamName}/query',
    query: {
      ...{ Sql: 'sql', From: 'from', Until: 'until', StreamARN: 'arn', Decode: 'decode', Schema: 'schema' },
    },
  },
};

/** What the service speaks, loaded with its operations: `millrace.ts` recognizes requests before. */
export function protocolsWith(spoken: Protocol): readonly Protocol[] {
  return [inEvents(spoken), inEvents(restProtocol(bindings))];
}

/** The same protocol, in which what comes piece by piece is server-sent events, whatever asked for it. */
function inEvents(protocol: Protocol): Protocol {
  return {
    ...protocol,
    answer: (value, operation, requestId) =>
      operation.output?.kind === 'event-stream'
        ? eventsAnswer(value as AsyncIterable<Uint8Array>)
        : protocol.answer(value, operation, requestId),
  };
}

/** What is between a server and its client must neither keep nor hold back events. */
function eventsAnswer(body: AsyncIterable<Uint8Array>): HttpResponse {
  const headers = {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  };
  return { status: 200, headers, body };
}
