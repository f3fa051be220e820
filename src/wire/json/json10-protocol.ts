import { coralErrorBody } from '../body-protocol.ts';
import { type Protocol, seemsWellFormed } from '../protocol.ts';
import { ServiceError } from '../service-error.ts';
import { targetProtocol } from '../target-protocol.ts';
import { json10 } from './json.ts';

/**
 * awsJson1_0 (smithy.io, "AWS JSON 1.0 protocol"): as 1.1, except that error types are absolute and bodies
 * may be empty. `service` is as `X-Amz-Target` names it, `namespace` that of its model, `codec` one of
 * `json10Of`.
 */
export function json10Protocol(service: string, namespace: string, codec = json10): Protocol {
  return {
    ...targetProtocol('awsJson1_0', codec, service),
    misformOf: ({ body }, _, operation) =>
      operation !== undefined || seemsWellFormed(body, codec)
        ? undefined
        : new ServiceError('SerializationException'),
    refuse: (error) => ({
      status: error.status,
      headers: { 'Content-Type': codec.contentType },
      body: coralErrorBody(codec, `${frontEnd.get(error.type) ?? namespace}#${error.type}`, error),
    }),
  };
}

/** Coral's errors, not the service's: clients of DynamoDB are known to compare the whole type. */
const frontEnd: ReadonlyMap<string, string> = new Map([
  ...[
    'AccessDeniedException',
    'ExpiredTokenException',
    'IncompleteSignatureException',
    'InternalFailure',
    'InvalidSignatureException',
    'MissingAuthenticationTokenException',
    'SerializationException',
    'UnknownOperationException',
    'UnrecognizedClientException',
  ].map((type): [string, string] => [type, 'com.amazon.coral.service']),
  ['ValidationException', 'com.amazon.coral.validate'],
]);
