import { xmlError } from '../../../wire/xml-parts.ts';
import type { DestinationAddress } from './destination-arn.ts';
import type { DestinationsWorld } from './destinations-world.ts';
import { sendSigned } from './signed-send.ts';

type Message = Extract<DestinationAddress, { kind: 'queue' | 'topic' }>;

/** Publishes a message to a topic, once (SNS API reference, Publish, in the Query protocol). */
export function publish(
  world: DestinationsWorld,
  arn: string,
  { region }: Message,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  const form = { Action: 'Publish', Version: '2010-03-31', TopicArn: arn, Message: text };
  const body = new URLSearchParams(form).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const request = { service: 'sns', region, path: '/', headers, body } as const;
  return sendSigned(world, request, xmlError, signal);
}
