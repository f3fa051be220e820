import { factCodec } from '../../src/journal/fact-codec.ts';
import { DamagedError, NewerFormatError } from '../../src/log/log.ts';
import { pieceIn, piecesOf, recordsIn } from '../../src/services/lambda/failures/failure-log.ts';
import { seedsOf, type Target } from '../target.ts';

const codec = factCodec<{ readonly cursor: { readonly marks: readonly number[] } }>({ cursor: true });
const record = {
  sequenceNumber: '4966',
  partitionKey: 'k',
  arrival: 1_700_000_000_000,
  data: Buffer.from('data'),
};
const [piece] = piecesOf(Buffer.alloc(16, 7), 'mapping', [record, record]);

/** Records of facts, and of what mappings gave up: they are that, damage, or of a newer program. */
export const lambdaLogsTarget: Target = {
  name: 'lambda-logs',
  seeds: seedsOf(
    codec.encode({ after: 3, edits: [{ kind: 'said', of: 'cursor', key: 'a/b', value: { marks: [1] } }] }),
    codec.encode({ after: 0, edits: [{ kind: 'forgotten', of: 'cursor', key: '' }] }),
    '{"format":2,"after":0,"edits":[]}',
    Buffer.from(piece!.data),
  ),
  words: [
    '"format":1',
    '"after":',
    '"edits":[',
    '"kind":"said"',
    '"of":"cursor"',
    '"key":"',
    '"value":',
    '"records":[',
    '"bytes":4',
    'null',
    '-1',
    '\x01',
    '\0\0\0\0',
  ],
  run: (input) =>
    [
      outcomeOf(() => `${Math.min(codec.decode(input, 'a record').edits.length, 3)} facts`),
      outcomeOf(() => `${Math.min(recordsIn(Buffer.from(pieceIn(input).bytes)).length, 3)} records`),
      outcomeOf(() => `${Math.min(recordsIn(input).length, 3)} records`),
    ].join(', '),
};

function outcomeOf(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof NewerFormatError) return 'newer';
    if (!(error instanceof DamagedError)) throw error;
    return 'damaged';
  }
}
