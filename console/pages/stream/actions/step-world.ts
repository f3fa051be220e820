import { CallError, call, callQuery } from '../../../api/call.ts';
import type { ApiRequest } from '../../../code/request.ts';
import type { StepWorld } from './run-steps.ts';

/** The server that the console was loaded from. */
export const consoleWorld: StepWorld = {
  call: ({ service, operation, input }: ApiRequest) =>
    service === 'iam' || service === 'sts'
      ? callQuery(service, operation, input)
      : call(service, operation, input),
  async statusOf(stream) {
    try {
      const { StreamDescriptionSummary } = await call<Summary>('kinesis', 'DescribeStreamSummary', {
        StreamName: stream,
      });
      return StreamDescriptionSummary.StreamStatus;
    } catch (error) {
      if (error instanceof CallError && error.code === 'ResourceNotFoundException') return undefined;
      // It is asked again soon: how often it may be asked is shared with others.
      if (error instanceof CallError && error.code === 'LimitExceededException') return 'UPDATING';
      throw error;
    }
  },
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

type Summary = { readonly StreamDescriptionSummary: { readonly StreamStatus: string } };
