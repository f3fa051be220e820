import type { ErrorForm } from '../../wire/rest/rest-protocol.ts';
import { type ErrorDetails, ServiceError } from '../../wire/service-error.ts';
import { string, structure } from '../../wire/shape.ts';

/**
 * The errors of Lambda's model that are answered here: their status, and how each spells its message (AWS SDK
 * for JavaScript 3, client-lambda, schemas of errors).
 */
const model = {
  CodeSigningConfigNotFoundException: [404, 'Message'],
  CodeStorageExceededException: [400, 'message'],
  InvalidParameterValueException: [400, 'message'],
  InvalidRequestContentException: [400, 'message'],
  InvalidRuntimeException: [502, 'Message'],
  InvalidZipFileException: [502, 'Message'],
  PolicyLengthExceededException: [400, 'message'],
  PreconditionFailedException: [412, 'message'],
  RequestTooLargeException: [413, 'message'],
  ResourceConflictException: [409, 'message'],
  ResourceInUseException: [400, 'Message'],
  ResourceNotFoundException: [404, 'Message'],
  ServiceException: [500, 'Message'],
  TooManyRequestsException: [429, 'message'],
} as const satisfies Record<string, readonly [status: number, spelling: 'message' | 'Message']>;

export type LambdaErrorType = keyof typeof model;

/** An error of AWS's model, with the status that the model gives it. */
export function lambdaError(type: LambdaErrorType, message: string, details?: ErrorDetails): ServiceError {
  return new ServiceError(type, message, model[type][0], details);
}

export const invalidValue = (message: string) => lambdaError('InvalidParameterValueException', message);
export const notFound = (message: string) => lambdaError('ResourceNotFoundException', message);
export const conflict = (message: string) => lambdaError('ResourceConflictException', message);

/** What AWS has and this server has not. */
export const unservedPart = (what: string) => invalidValue(`${what} is not served by this server.`);

/** `arn` has the qualifier that was asked for. The words are AWS's. */
export function functionNotFound(arn: string): ServiceError {
  return notFound(`Function not found: ${arn}`);
}

/** The words are AWS's. */
export function stale(): ServiceError {
  return lambdaError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to ' +
      'retrieve the latest Revision Id',
  );
}

/** `reason` is AWS's `Reason`: which of the limits it was. */
export function tooManyRequests(reason: string, message = 'Rate Exceeded.'): ServiceError {
  return lambdaError('TooManyRequestsException', message, {
    shape: structure('TooManyRequestsException', { Reason: string() }),
    value: { Reason: reason },
  });
}

/**
 * Errors of the model say whose fault they are. Those of the front end have the status that it gives them
 * where it speaks REST (Lambda API reference, "Common Errors").
 */
export const errorForm: ErrorForm = ({ type, status, message, details }) => {
  const known = Object.hasOwn(model, type) ? model[type as LambdaErrorType] : undefined;
  const [own, spelling] = known ?? [statuses[type] ?? status, spellings[type] ?? 'message'];
  const fault = known && { Type: own < 500 || own === 502 ? 'User' : 'Service' };
  const text = message === '' ? {} : { [spelling]: message };
  return {
    status: own,
    shape: details === undefined ? plain : structure('Error', { ...plain.members, ...details.shape.members }),
    value: { ...details?.value, ...fault, ...text },
  };
};

const plain = structure('Error', { Type: string(), Message: string(), message: string() });

const spellings: Readonly<Record<string, 'Message'>> = { AccessDeniedException: 'Message' };

const statuses: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ExpiredTokenException: 403,
  IncompleteSignatureException: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  UnrecognizedClientException: 403,
  UnknownOperationException: 404,
};
