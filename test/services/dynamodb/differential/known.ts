import type { Difference } from './comparison.ts';
import type { Said } from './dialogue.ts';
import type { Step } from './steps.ts';

/** One answer in which two servers are known to differ. */
export type Meeting = {
  readonly step: Step;
  readonly difference: Difference;
  /** By the name of the server. */
  readonly said: Readonly<Record<string, Said>>;
};

/** A difference that is none of ours, and why. `whose` is the server that stands alone with its answer. */
export type KnownDifference = {
  readonly whose: string;
  readonly why: string;
  /** Its items may be others from then on, even if it told of an error. */
  readonly isUntidy?: true;
  readonly applies: (meeting: Meeting) => boolean;
};

export const knownDifferences: readonly KnownDifference[] = [
  {
    whose: 'moto',
    why: 'moto fails in itself',
    isUntidy: true,
    applies: ({ said }) => isError(said['moto'], '500'),
  },
  {
    whose: 'moto',
    why: 'moto checks less of a request than DynamoDB does',
    isUntidy: true,
    applies: ({ said }) =>
      Object.values(said).some((each) => isError(each, 'ValidationException')) &&
      !isError(said['moto'], 'ValidationException'),
  },
  {
    whose: 'local',
    why: 'DynamoDB Local has texts of its own where the service has these (botocore, SDKs and issues quote them)',
    applies: ({ difference, said }) => difference.kind === 'text' && isOwnText(said),
  },
  {
    whose: 'local',
    why: 'of several things that are wrong DynamoDB Local names another one first',
    applies: ({ difference, said }) => {
      const [one, other] = Object.values(said);
      return difference.kind === 'error' && isRefusal(one) && isRefusal(other);
    },
  },
  {
    whose: 'local',
    why: 'DynamoDB Local evaluates the condition before it looks whether the update can ever be right',
    applies: ({ said }) =>
      isError(said['local'], 'ConditionalCheckFailedException') &&
      isError(said['millrace'], 'ValidationException'),
  },
  {
    whose: 'local',
    why: 'an update that its item does not allow is a reason of the cancelled transaction in the service (API reference, TransactWriteItems: ValidationError)',
    applies: ({ step, said }) =>
      step.operation === 'TransactWriteItems' &&
      isError(said['local'], 'ValidationException') &&
      isError(said['millrace'], 'TransactionCanceledException'),
  },
];

/** What ours say beside what DynamoDB Local says of the same. */
const ownTexts: readonly { readonly ours: RegExp; readonly theirs: RegExp }[] = [
  { ours: /^Requested resource not found/, theirs: /^Cannot do operations on a non-existent table/ },
  {
    ours: /^The provided key element does not match the schema/,
    theirs:
      /^(One or more parameter values were invalid: Type mismatch for key|The number of conditions on the keys is invalid|One of the required keys was not given a value)/,
  },
  {
    ours: /^One or more parameter values were invalid: Missing the key/,
    theirs: /^One of the required keys was not given a value/,
  },
  {
    ours: /^One or more parameter values were invalid: Type mismatch for/,
    theirs: /^One or more parameter values were invalid: Type mismatch for/,
  },
  {
    ours: /^The parameter cannot be converted to a numeric value/,
    theirs: /^A value provided cannot be converted into a number/,
  },
  {
    ours: /^Attempting to store more than 38 significant digits/,
    theirs: /^DynamoDB only supports precision up to 38 digits/,
  },
  { ours: /^ReturnValues can only be ALL_OLD or NONE/, theirs: /^Return values set to invalid value/ },
  { ours: /^The Segment parameter is zero-based/, theirs: /at 'segment' failed to satisfy constraint/ },
  {
    ours: /at '(limit|segment)' failed to satisfy constraint/,
    theirs: /^Limit must be greater than or equal to 1/,
  },
  // Numbers and binaries are told as the program's own language prints them.
  { ours: /lower bound operand: AttributeValue/, theirs: /lower bound operand: AttributeValue/ },
  // Both are true of such an update.
  {
    ours: /^The provided expression refers to an attribute that does not exist/,
    theirs: /^The document path provided in the update expression is invalid/,
  },
];

function isOwnText({ local, millrace }: Meeting['said']): boolean {
  if (local?.kind !== 'error' || millrace?.kind !== 'error') return false;
  return ownTexts.some(({ ours, theirs }) => ours.test(millrace.message) && theirs.test(local.message));
}

/** An error that says that the request itself is wrong, so that nothing was done. */
function isRefusal(said: Said | undefined): boolean {
  return isError(said, 'ValidationException') || isError(said, 'ResourceNotFoundException');
}

function isError(said: Said | undefined, type: string): boolean {
  return said?.kind === 'error' && said.type === type;
}
