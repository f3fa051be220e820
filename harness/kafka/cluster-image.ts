import type { TopicSettings } from '../../src/env/kafka.ts';
import type { Placement } from './placement.ts';

export type TopicState = {
  readonly name: string;
  /** In hex without dashes. */
  readonly id: string;
  readonly settings: TopicSettings;
  readonly placements: readonly Placement[];
};

export type Registration = {
  readonly id: number;
  readonly rack: string;
  /** One of its own for each start of the broker. */
  readonly epoch: number;
  /** The controller does not hear of it, or not yet. */
  readonly isFenced: boolean;
};

/** A fact in the log of the controller. */
export type MetadataRecord =
  | { readonly kind: 'topic'; readonly topic: TopicState }
  | { readonly kind: 'deletion'; readonly topic: TopicState }
  | { readonly kind: 'broker'; readonly broker: Registration };

/** The cluster as the controller has it, or as a broker knows it by now. */
export class ClusterImage {
  readonly topics = new Map<string, TopicState>();
  readonly brokers = new Map<number, Registration>();

  apply(record: MetadataRecord): void {
    switch (record.kind) {
      case 'topic':
        this.topics.set(record.topic.name, record.topic);
        return;
      case 'deletion':
        this.topics.delete(record.topic.name);
        return;
      case 'broker':
        this.brokers.set(record.broker.id, record.broker);
        return;
    }
  }

  isAlive(broker: number): boolean {
    return this.brokers.get(broker)?.isFenced === false;
  }

  placementOf(topic: string, partition: number): Placement | undefined {
    return this.topics.get(topic)?.placements[partition];
  }
}
