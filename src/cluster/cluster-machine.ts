import { lackOfRoom, type Measure } from '../journal/room.ts';
import type { StateMachine } from '../journal/state-machine.ts';
import { OverloadedError } from '../log/log.ts';
import { ClusterDraft } from './apply.ts';
import { type ClusterState, emptyCluster } from './cluster-state.ts';
import { type ClusterEdit, isKnown } from './edit.ts';
import { streamEdit } from './placed-stream.ts';

/** What gateways agree on, as a journal keeps it. */
export const clusterMachine: StateMachine<ClusterState, ClusterEdit> = {
  name: 'cluster',
  empty: emptyCluster,
  draft: (state) => new ClusterDraft(state),
  isKnown,
  requireRoom(state, edits) {
    const lack = lackOfRoom(measures, state, edits);
    if (lack !== undefined) throw new OverloadedError(lack);
  },
  snapshot,
};

function snapshot(state: ClusterState): ClusterEdit[] {
  const { nextMember, closings, members, duties, streams, dropped } = state;
  return [
    { kind: 'counted', nextMember, closings },
    ...[...members.values()].map(
      ({ number, as, beats, drained }): ClusterEdit => ({
        kind: 'member',
        member: number,
        as,
        beats,
        drained,
      }),
    ),
    ...[...duties].map(([duty, { number, holder }]): ClusterEdit => ({ kind: 'duty', duty, number, holder })),
    ...[...streams].map(([stream, placed]) => streamEdit(stream, placed)),
    ...[...dropped].map(
      ([stream, { closing = null, shards }]): ClusterEdit => ({
        kind: 'dropped-stream',
        stream,
        closing,
        shards,
      }),
    ),
  ];
}

export const membersMax = 1_000;
export const dutiesMax = 10_000;

const measures: readonly Measure<ClusterState, ClusterEdit>[] = [
  {
    things: 'gateways',
    max: membersMax,
    held: ({ members }) => members.size,
    added: (_, edit) => (edit.kind === 'joined' ? 1 : 0),
  },
  {
    things: 'duties',
    max: dutiesMax,
    held: ({ duties }) => duties.size,
    added: ({ duties }, edit) => (edit.kind === 'claimed' && !duties.has(edit.duty) ? 1 : 0),
  },
];
