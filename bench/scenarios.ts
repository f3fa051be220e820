import type { Contender } from './contender.ts';
import type { Options } from './options.ts';
import { coldGets, coldReads, coldReadsOfTrickle } from './scenarios/cold-reads.ts';
import { connections } from './scenarios/connections.ts';
import { decision } from './scenarios/decision.ts';
import { deliveryBeside, deliveryMemory, deliveryParquet, deliveryText } from './scenarios/delivery.ts';
import { encodings } from './scenarios/encodings.ts';
import { encryption } from './scenarios/encryption.ts';
import { consumers, fanOut } from './scenarios/fan-out.ts';
import { floor } from './scenarios/floor.ts';
import { hotReads } from './scenarios/hot-reads.ts';
import { kafkaBrokerKilled, kafkaGatewayKilled } from './scenarios/kafka-failover.ts';
import { kafkaIdle } from './scenarios/kafka-idle.ts';
import { kafkaLatency } from './scenarios/kafka-latency.ts';
import { kafkaPuts } from './scenarios/kafka-puts.ts';
import { kafkaSplit } from './scenarios/kafka-split.ts';
import { kafkaUnits } from './scenarios/kafka-units.ts';
import { lambdaColdStart, lambdaIdle, lambdaLatency, lambdaThroughput } from './scenarios/lambda.ts';
import { lambdaBeside } from './scenarios/lambda-beside.ts';
import { latencyOfPutRecord, latencyOfPutRecords } from './scenarios/latency.ts';
import { besideFleet, conditionalUpdates, getItems, leaseFleet } from './scenarios/leases.ts';
import { meter } from './scenarios/meter.ts';
import { fill, putRecord, putRecords, start } from './scenarios/put.ts';
import { recordSize } from './scenarios/record-size.ts';
import { restart } from './scenarios/restart.ts';
import { retained } from './scenarios/retained.ts';
import { besideConsole, countedPuts, tailed5000, wideLooks } from './scenarios/seen.ts';
import { sessions } from './scenarios/sessions.ts';
import { shards } from './scenarios/shards.ts';
import { slowBodies } from './scenarios/slow-bodies.ts';
import { stalls } from './scenarios/stalls.ts';
import { streams } from './scenarios/streams.ts';
import type { Turn } from './turn.ts';

/** What is done in a contender's turn: when, by which contenders, and how. */
export type Scenario = {
  readonly name: string;
  readonly group: Group;
  /** Where on its axis it is measured, each in a turn of its own. Without, it has no axis. */
  readonly points?: { readonly thorough: readonly number[]; readonly quick: readonly number[] };
  /** As often as what only Millrace does, unless it says. */
  rounds?(options: Options): number;
  /** The contenders that are measured alone, unless it says. */
  includes?(contender: Contender): boolean;
  /** Others than server and generator work in it, too: nobody can say how quiet the machine was. */
  readonly isCrowded?: true;
  /** Notes in the turn what it measured. */
  measure(turn: Turn): Promise<void>;
};

/**
 * `main` compares and takes minutes, `growth` draws curves, `big` writes tens of gigabytes, `lambda` is of
 * functions, `delivery` of streams into objects, `kafka` of gateways on three brokers, `seen` of
 * what it costs to be looked at.
 */
export type Group = (typeof groups)[number];
export const groups = ['main', 'growth', 'big', 'lambda', 'delivery', 'kafka', 'seen'] as const;

/** In the order of a round. */
export const scenarios: readonly Scenario[] = [
  putRecords,
  floor,
  decision,
  meter,
  encryption,
  putRecord,
  encodings,
  start,
  hotReads,
  latencyOfPutRecord,
  latencyOfPutRecords,
  conditionalUpdates,
  getItems,
  besideFleet,
  fanOut,
  sessions,
  stalls,
  fill,
  shards,
  streams,
  connections,
  slowBodies,
  consumers,
  recordSize,
  retained,
  leaseFleet,
  coldReads,
  coldReadsOfTrickle,
  coldGets,
  restart,
  lambdaLatency,
  lambdaThroughput,
  lambdaColdStart,
  lambdaIdle,
  lambdaBeside,
  deliveryText,
  deliveryParquet,
  deliveryBeside,
  deliveryMemory,
  kafkaPuts,
  kafkaLatency,
  kafkaIdle,
  kafkaUnits,
  kafkaSplit,
  kafkaGatewayKilled,
  kafkaBrokerKilled,
  countedPuts,
  besideConsole,
  wideLooks,
  tailed5000,
];
