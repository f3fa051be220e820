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
    why: 'of several things that are wrong DynamoDB Local names another one, or says it in words of its own',
    applies: ({ difference, said }) => difference.kind === 'text' && !isOneText(said),
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
  {
    whose: 'local',
    why: 'DynamoDB Local evaluates conditions before it looks whether a transaction has an item twice, and takes 1 and 1.0 for two keys',
    applies: ({ said }) =>
      isError(said['millrace'], 'ValidationException') &&
      /multiple operations on one item|item keys contains duplicates|^Cannot update attribute|^The provided starting key/.test(
        messageOf(said['millrace']),
      ),
  },
  {
    whose: 'local',
    why: 'DynamoDB Local refuses a filter in a Query by what the index does not have; for us no item has it',
    applies: ({ said }) => /does not project one or more filter attributes/.test(messageOf(said['local'])),
  },
  {
    whose: 'local',
    why: 'a page that is full tells where it ended; DynamoDB Local knows that a whole key without a range key has no second item',
    applies: ({ step, difference, said }) =>
      step.operation === 'Query' &&
      difference.kind === 'output' &&
      !hasLast(said['local']) &&
      hasLast(said['millrace']),
  },
  {
    whose: 'local',
    why: 'an update may set a key of an index to a wrong type in DynamoDB Local',
    applies: ({ said }) => /Type mismatch for Index Key/.test(messageOf(said['millrace'])),
  },
  {
    whose: 'local',
    why: 'a Scan of an index in DynamoDB Local filters by what the index does not have',
    applies: ({ step, difference }) =>
      step.operation === 'Scan' && difference.kind === 'output' && 'IndexName' in step.input,
  },
  {
    whose: 'local',
    why: 'of a list that an update made longer DynamoDB Local tells more than the new element',
    applies: ({ step, difference }) =>
      difference.kind === 'output' && /^UPDATED_/.test(String(step.input['ReturnValues'])),
  },
  {
    whose: 'local',
    why: 'DynamoDB Local fails in itself',
    applies: ({ said }) => isError(said['local'], 'InternalFailure'),
  },
  {
    whose: 'local',
    why: 'an update of a key is never right, so we say it of a transaction as a whole before any condition; DynamoDB Local looks at one item after the other',
    applies: ({ step, difference, said }) =>
      step.operation === 'TransactWriteItems' &&
      difference.kind === 'details' &&
      /\bValidationError\b/.test(JSON.stringify(said['millrace'])),
  },
  {
    whose: 'local',
    why: 'of paths that overlap DynamoDB Local may name one that does not',
    applies: ({ said }) => /Two document paths overlap/.test(messageOf(said['local'])),
  },
  {
    whose: 'local',
    why: 'DynamoDB Local wants one form of projections for all tables of a batch',
    applies: ({ step, said }) =>
      step.operation === 'BatchGetItem' &&
      /both expression and non-expression/.test(messageOf(said['local'])),
  },
];

function hasLast(said: Said | undefined): boolean {
  return said?.kind === 'output' && 'LastEvaluatedKey' in said.output;
}

function messageOf(said: Said | undefined): string {
  return said?.kind === 'error' ? said.message : '';
}

/** Both texts say one thing of the request, so that what they say of it must be the same. */
function isOneText({ local, millrace }: Meeting['said']): boolean {
  if (local?.kind !== 'error' || millrace?.kind !== 'error') return false;
  const [theirs, ours] = [local.message, millrace.message].map((text) => text.replace(general, ''));
  // Numbers and binaries are told as each program's language prints them; sets with a full stop, or none.
  if (
    /bound operand|^Type mismatch for key|contains duplicates|^Cannot update attribute|^The provided starting key/.test(
      ours!,
    )
  )
    return false;
  return ours!.slice(0, 20) === theirs!.slice(0, 20);
}

/** With these begin texts of many kinds. */
const general =
  /^(One or more parameter values (were invalid|are not valid)[:.] |Invalid \w+Expression: |\d+ validation errors? detected: )/;

/** An error that says that the request itself is wrong, so that nothing was done. */
function isRefusal(said: Said | undefined): boolean {
  return isError(said, 'ValidationException') || isError(said, 'ResourceNotFoundException');
}

function isError(said: Said | undefined, type: string): boolean {
  return said?.kind === 'error' && said.type === type;
}
