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
];

function isError(said: Said | undefined, type: string): boolean {
  return said?.kind === 'error' && said.type === type;
}
