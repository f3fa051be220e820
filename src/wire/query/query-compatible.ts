import type { Protocol } from '../protocol.ts';
import { faultOf, type QueryErrorCodes, queryErrorOf } from './query-protocol.ts';

/**
 * A protocol of a service that spoke Query before: a header of its errors says what they are in Query, and
 * clients match on that (smithy.io, "awsQueryCompatible trait").
 */
export function queryCompatible(protocol: Protocol, codes: QueryErrorCodes): Protocol {
  return {
    ...protocol,
    refuse: (error, requestId) => {
      const { status, headers, body } = protocol.refuse(error, requestId);
      const { code } = queryErrorOf(error, codes);
      return { status, headers: { ...headers, 'x-amzn-query-error': `${code};${faultOf(status)}` }, body };
    },
  };
}
