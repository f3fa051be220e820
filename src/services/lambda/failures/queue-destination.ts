import type { SaidError } from '../../../wire/xml-parts.ts';
import type { DestinationAddress } from './destination-arn.ts';
import type { DestinationsWorld } from './destinations-world.ts';
import { sendSigned } from './signed-send.ts';

type Message = Extract<DestinationAddress, { kind: 'queue' | 'topic' }>;

/**
 * Sends a message to a queue, once (SQS API reference, SendMessage, in its JSON protocol). The path of the
 * queue's URL is its account and its name; the host counts for nothing where there is one endpoint.
 */
export function sendMessage(
  world: DestinationsWorld,
  { region, account, name }: Message,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  const base = world.endpoints.sqs?.replace(/\/+$/, '') ?? '';
  const body = JSON.stringify({ QueueUrl: `${base}/${account}/${name}`, MessageBody: text });
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'AmazonSQS.SendMessage',
  };
  const request = { service: 'sqs', region, path: '/', headers, body } as const;
  return sendSigned(world, request, jsonError, signal);
}

/** `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"…"}`. */
function jsonError(body: string): SaidError {
  const said = parsed(body);
  const text = (name: string) => (typeof said[name] === 'string' ? said[name] : '');
  return { code: text('__type').replace(/^.*#/, ''), message: text('message') || text('Message') };
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // A proxy in between answers in its own words.
    return {};
  }
}
