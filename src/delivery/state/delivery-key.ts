import type { ShardKey } from '../../log/log.ts';

/** Where in the engine of the services the journal of deliveries is. */
export const deliveryKey: ShardKey = { stream: 'delivery', shard: 0 };
