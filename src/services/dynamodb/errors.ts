import { ServiceError } from '../../wire/service-error.ts';
import { list, type StructureShape, structure } from '../../wire/shape.ts';
import { attributes, cancellationReason } from './parts/item-shapes.ts';
import type { Item } from './values/attribute-value.ts';

/** The names of DynamoDB's errors: those of its model that are answered here, and Coral's. */
type DynamodbErrorType =
  | 'ConditionalCheckFailedException'
  | 'IdempotentParameterMismatchException'
  | 'ItemCollectionSizeLimitExceededException'
  | 'LimitExceededException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'TableNotFoundException'
  | 'TransactionCanceledException'
  | 'ValidationException';

export function dynamodbError(type: DynamodbErrorType, message?: string): ServiceError {
  return new ServiceError(type, message);
}

export const invalid = (message: string) => dynamodbError('ValidationException', message);
/** What is wrong with a value that has the right form. */
export const invalidValue = (text: string) => invalid(`One or more parameter values were invalid: ${text}`);
export const inUse = (message: string) => dynamodbError('ResourceInUseException', message);
export const limitExceeded = (message: string) => dynamodbError('LimitExceededException', message);
/** Of operations on items: AWS does not say which resource. */
export const notFound = () => dynamodbError('ResourceNotFoundException', 'Requested resource not found');

/** Of operations on tables. */
export function tableNotFound(name: string): ServiceError {
  return dynamodbError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

/** The same of operations on backups. */
export function backedUpNotFound(name: string): ServiceError {
  return dynamodbError('TableNotFoundException', `Table not found: ${name}`);
}

/** What AWS has and this server has not. */
export const unserved = (what: string) => invalid(`${what} is not served.`);

/** `item` is the one that does not satisfy the condition, where the request asks for it. */
export function conditionFailed(item: Item | undefined): ServiceError {
  return withDetails('ConditionalCheckFailedException', conditionFailedText, conditionFailedShape, {
    Item: item,
  });
}

export const conditionFailedText = 'The conditional request failed';

/** Why one of a transaction's actions cannot be carried out; `None` where it could be. */
export type Cancellation = { readonly Code: string; readonly Message?: string; readonly Item?: Item };

/** One reason for each action, in their order. */
export function transactionCanceled(reasons: readonly Cancellation[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return withDetails('TransactionCanceledException', message, cancellationShape, {
    CancellationReasons: reasons,
  });
}

const conditionFailedShape = structure('ConditionalCheckFailedException', { Item: attributes });
const cancellationShape = structure('TransactionCanceledException', {
  CancellationReasons: list(cancellationReason),
});

function withDetails(
  type: DynamodbErrorType,
  message: string,
  shape: StructureShape,
  value: object,
): ServiceError {
  return new ServiceError(type, message, 400, { shape, value });
}
