import type { Target } from './target.ts';
import { cborTarget, fastCborTarget } from './targets/cbor.ts';
import { dynamodbExpressionsTarget } from './targets/dynamodb-expressions.ts';
import { eventStreamTarget } from './targets/event-stream.ts';
import { framesTarget } from './targets/frames.ts';
import { gzipTarget } from './targets/gzip.ts';
import { httpHeadTarget } from './targets/http-head.ts';
import { fastJsonTarget, jsonTarget } from './targets/json.ts';
import { lambdaLogsTarget } from './targets/lambda-logs.ts';
import { metricRecordTarget } from './targets/metric-record.ts';
import { peerFramesTarget } from './targets/peer-frames.ts';
import { policyTarget, wildcardTarget } from './targets/policy.ts';
import { queryTarget } from './targets/query.ts';
import { recordBatchesTarget } from './targets/record-batches.ts';
import { sigv4Target } from './targets/sigv4.ts';
import { sessionTokensTarget, tokensTarget } from './targets/tokens.ts';
import { zipTarget } from './targets/zip.ts';

/** Everything that is fuzzed, each with its reference where there is one. */
export const targets: readonly Target[] = [
  ...[jsonTarget, fastJsonTarget, cborTarget, fastCborTarget, queryTarget, gzipTarget, eventStreamTarget],
  ...[
    sigv4Target,
    httpHeadTarget,
    tokensTarget,
    sessionTokensTarget,
    framesTarget,
    recordBatchesTarget,
    peerFramesTarget,
    metricRecordTarget,
    policyTarget,
    wildcardTarget,
    dynamodbExpressionsTarget,
    zipTarget,
    lambdaLogsTarget,
  ],
];
