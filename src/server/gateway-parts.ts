import type { KeyService } from '../access/keys/key-service.ts';
import type { Identity } from '../env/network.ts';
import type { Control } from '../gateway/control.ts';
import type { Engine } from '../log/log.ts';
import type { Audit } from '../rpc/audit.ts';
import type { DispatchWorld, Owner } from '../rpc/dispatch.ts';
import type { Freshness } from '../rpc/freshness.ts';
import type { LateTables } from '../services/dynamodb/tables/late-tables.ts';
import type { OpenableTables } from '../services/dynamodb/world.ts';
import type { KinesisWorld } from '../services/kinesis/world.ts';
import type { LateLambda } from '../services/lambda/late-lambda.ts';
import type { MeterReadings } from '../stream/meter/counts.ts';
import type { Buckets, Throttle } from '../stream/throttle.ts';
import type { LateDelivery } from './delivery/late-delivery.ts';
import type { PagesWorld } from './pages.ts';
import type { Security } from './security.ts';

/** What a gateway works on: its own thread's data, or a remote owner's. */
export type GatewayParts = Pick<
  KinesisWorld,
  'log' | 'load' | 'meter' | 'calls' | 'background' | 'subscriptions'
> &
  Pick<DispatchWorld, 'held'> &
  Pick<PagesWorld, 'health' | 'authority' | 'metrics'> & {
    readonly control: Control;
    readonly security: Security;
    /**
     * The KMS of the options, in the owner; in a worker, what the owner has. Undefined in an owner whose KMS
     * is the built-in one.
     */
    readonly keysElsewhere: KeyService | undefined;
    /**
     * What services besides Kinesis keep: undefined in a worker, which has the owner carry out their
     * operations.
     */
    readonly served: ServedParts | undefined;
    /**
     * What all threads and gateways have counted; undefined in a worker, which knows its own counts alone.
     */
    readonly readings: MeterReadings | undefined;
    readonly audit: Audit;
    readonly identity: Identity;
    /** The buckets that all threads take from; undefined when this is the only thread. */
    readonly buckets: Buckets | undefined;
    /** What other gateways have answered; undefined where there are none. */
    readonly freshness?: Freshness | undefined;
    /** What counts against the limits of shards in a cluster; absent where this process does. */
    readonly throttle?: Throttle | undefined;
    /** Carries out what a worker does not; undefined in the owner itself. */
    readonly owner?: Owner;
  };

/** What of it a gateway is given. */
export type ServedParts = Omit<ServedData, 'tables'> & {
  readonly tables: OpenableTables;
  /** See `CloudWatchParts`. */
  readonly term?: (() => number) | undefined;
};

export type ServedData = {
  /** A service has the streams in it that are called as itself. */
  readonly log: Engine;
  /** DynamoDB's. */
  readonly tables: LateTables;
  readonly lambda: LateLambda;
  readonly delivery: LateDelivery;
  /** What of the heap there is for all that is in memory. */
  readonly heapBytesMax: number;
};
