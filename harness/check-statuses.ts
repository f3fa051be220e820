import type { Status, StreamModel } from './model.ts';

const after: Record<Status, readonly Status[]> = {
  CREATING: ['CREATING', 'ACTIVE', 'UPDATING', 'DELETING', 'GONE'],
  ACTIVE: ['ACTIVE', 'UPDATING', 'DELETING', 'GONE'],
  UPDATING: ['ACTIVE', 'UPDATING', 'DELETING', 'GONE'],
  DELETING: ['DELETING', 'GONE'],
  GONE: ['GONE'],
};

/**
 * A stream's states follow the legal path, also over restarts, and it ends only when a client has deleted it.
 */
export function* checkStatuses(stream: StreamModel): Generator<string> {
  let before: Status = 'CREATING';
  for (const { status, answered } of stream.statuses) {
    if (!after[before].includes(status)) yield `state: ${stream.name} was ${before} and then ${status}`;
    const isEnding = status === 'DELETING' || status === 'GONE';
    if (isEnding && (stream.doomed === undefined || answered < stream.doomed)) {
      yield `state: ${stream.name} is ${status}, and no client deleted it`;
    }
    before = status;
  }
}
