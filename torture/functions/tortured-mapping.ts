import type { HttpLambdaClient } from '../../harness/mappings/http-lambda-client.ts';
import { functionsPath, mappingsPath } from '../../harness/mappings/lambda-client.ts';

/** What a function of the ledger does with its records: ledger-function.mjs knows the names. */
export type Manner = 'plain' | 'items' | 'poison' | 'window';

export type MappingKind = { readonly manner: Manner; readonly settings: object };

/** One of each kind of trouble; all read one stream. */
export const kinds: readonly MappingKind[] = [
  { manner: 'plain', settings: { StartingPosition: 'TRIM_HORIZON', BatchSize: 50 } },
  {
    manner: 'items',
    settings: {
      StartingPosition: 'LATEST',
      BatchSize: 20,
      ParallelizationFactor: 4,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  },
  {
    manner: 'poison',
    settings: {
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 30,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 2,
    },
  },
  {
    manner: 'window',
    settings: { StartingPosition: 'TRIM_HORIZON', BatchSize: 40, TumblingWindowInSeconds: 2 },
  },
];

export type TorturedMapping = MappingKind & { readonly name: string; readonly uuid: string };

/** Makes the function and the mapping of a kind; throws what the server says where it refuses. */
export async function makeMapping(
  lambda: HttpLambdaClient,
  kind: MappingKind,
  { streamArn, code, ledger }: { readonly streamArn: string; readonly code: Code; readonly ledger: string },
): Promise<TorturedMapping> {
  const name = `tortured-${kind.manner}`;
  await lambda.must('POST', functionsPath, {
    FunctionName: name,
    Role: 'arn:aws:iam::000000000000:role/tortured',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Timeout: 30,
    Code: 'zip' in code ? { ZipFile: code.zip } : {},
    Environment: {
      Variables: {
        LEDGER: ledger,
        MANNER: kind.manner,
        ...('folder' in code && { MILLRACE_CODE_FOLDER: code.folder }),
      },
    },
  });
  const input = { FunctionName: name, EventSourceArn: streamArn, ...kind.settings };
  const { UUID: uuid } = await lambda.must<{ UUID: string }>('POST', mappingsPath, input);
  return { ...kind, name, uuid };
}

/** A zip in base64, or a folder. */
export type Code = { readonly zip: string } | { readonly folder: string };
