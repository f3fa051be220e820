import { detached, unthinkable } from '../../../src/env/detached.ts';
import { Condition } from '../../../src/log/condition.ts';
import type { KafkaClient, KafkaOffset } from '../../../src/log/kafka/client.ts';
import type { ShardPlace, ShardPlaces, Verdict } from '../../../src/log/kafka/shard-places.ts';
import { streamTopic } from '../../../src/log/kafka/stream-topic.ts';
import { DroppedError, type ShardKey, UnavailableError } from '../../../src/log/log.ts';

type Edit =
  | { readonly kind: 'assign'; readonly shard: string; readonly place: ShardPlace }
  | { readonly kind: 'close'; readonly key: ShardKey; readonly shard: string }
  | { readonly kind: 'seal'; readonly shard: string; readonly at: KafkaOffset }
  | { readonly kind: 'release'; readonly shard: string }
  | { readonly kind: 'drop'; readonly stream: string };

/** What the gateways of a cluster have agreed on, in order, and who they are. */
export class AgreedPlaces {
  readonly edits: Edit[] = [];
  readonly gateways = new Set<MemoryPlaces>();
  readonly news = new Condition();
  /** One place is given after the other. */
  assigning: Promise<void> = Promise.resolve();

  commit(edit: Edit): void {
    this.edits.push(edit);
    for (const gateway of this.gateways) gateway.catchUp();
    this.news.announce();
  }
}

/** Places of shards as one of the gateways knows them, which a test can cut off and let come back. */
export class MemoryPlaces implements ShardPlaces {
  readonly #agreed: AgreedPlaces;
  readonly #client: KafkaClient;
  readonly #cluster: string;
  readonly #places = new Map<string, ShardPlace>();
  readonly #dropped = new Set<string>();
  readonly #drained = new Set<string>();
  readonly #changes = new Condition();
  #applied = 0;
  #drain: (shard: ShardKey) => Promise<void> = async () => {};
  /** While it is cut off it hears of nothing, and its lease ends when the test says so. */
  isCutOff = false;
  hasLease = true;
  readonly releases: ShardKey[] = [];

  constructor(agreed: AgreedPlaces, client: KafkaClient, cluster = 'test') {
    this.#agreed = agreed;
    this.#client = client;
    this.#cluster = cluster;
    agreed.gateways.add(this);
    this.catchUp();
  }

  /** Applies what it has not heard of yet. */
  catchUp(): void {
    if (this.isCutOff) return;
    while (this.#applied < this.#agreed.edits.length) this.#apply(this.#agreed.edits[this.#applied++]!);
    this.#changes.announce();
  }

  /** Has all gateways agree on something. */
  agree(edit: Edit): void {
    this.#agreed.commit(edit);
  }

  setLease(hasLease: boolean): void {
    this.hasLease = hasLease;
    this.#agreed.news.announce();
    this.#changes.announce();
  }

  of(key: ShardKey): ShardPlace | undefined {
    if (this.#dropped.has(key.stream)) throw new DroppedError('The stream was deleted.');
    return this.#places.get(nameOf(key));
  }

  async current(): Promise<void> {
    if (this.isCutOff) throw new UnavailableError('It is cut off.');
    this.catchUp();
  }

  assign(stream: string, shards: readonly number[]): Promise<void> {
    const assigned = this.#agreed.assigning.then(() => this.#assign(stream, shards));
    this.#agreed.assigning = assigned.catch(() => {});
    return assigned;
  }

  async #assign(stream: string, shards: readonly number[]): Promise<void> {
    for (const shard of shards) {
      if (this.of({ stream, shard }) !== undefined) continue;
      const taken = [...this.#places].filter(([name]) => name.startsWith(`${stream} `)).length;
      const topic = streamTopic(this.#cluster, stream, taken + 1);
      await this.#client.ensureTopic(topic);
      const partition = { topic: topic.topic, partition: taken };
      const { end: base } = await this.#client.bounds(partition);
      const place: ShardPlace = { ...partition, base, seal: undefined, state: 'open' };
      this.#agreed.commit({ kind: 'assign', shard: nameOf({ stream, shard }), place });
    }
  }

  async close(key: ShardKey): Promise<void> {
    const shard = nameOf(key);
    if (this.of(key)?.state === 'open') this.#agreed.commit({ kind: 'close', key, shard });
    const { gateways, news } = this.#agreed;
    const isOver = (gateway: MemoryPlaces) => !gateway.hasLease || gateway.#drained.has(shard);
    await news.until(() => this.of(key)?.seal !== undefined || [...gateways].every(isOver), never);
  }

  async seal(key: ShardKey, at: KafkaOffset): Promise<KafkaOffset> {
    const place = this.of(key)!;
    if (place.seal === undefined) this.#agreed.commit({ kind: 'seal', shard: nameOf(key), at });
    return this.of(key)!.seal!;
  }

  async release(key: ShardKey): Promise<void> {
    this.releases.push(key);
  }

  async drop(stream: string): Promise<void> {
    this.#agreed.commit({ kind: 'drop', stream });
  }

  streams(): readonly string[] {
    return [...new Set([...this.#places.keys()].map((name) => name.split(' ')[0]!))];
  }

  verdict(key: ShardKey, last: KafkaOffset): Verdict {
    const place = this.of(key);
    if (place?.seal !== undefined) return last < place.seal ? 'acknowledge' : 'sealed';
    if (place?.state === 'open' && this.hasLease) return 'acknowledge';
    return 'unknown';
  }

  async changed(signal: AbortSignal): Promise<void> {
    let isNews = false;
    await this.#changes.until(() => {
      const was = isNews;
      isNews = true;
      return was;
    }, signal);
  }

  drainWith(drain: (shard: ShardKey) => Promise<void>): void {
    this.#drain = drain;
  }

  #apply(edit: Edit): void {
    if (edit.kind === 'drop') {
      this.#dropped.add(edit.stream);
      return;
    }
    const place = this.#places.get(edit.shard);
    if (edit.kind === 'assign') this.#places.set(edit.shard, place ?? edit.place);
    else if (edit.kind === 'release') this.#places.delete(edit.shard);
    else if (edit.kind === 'close') this.#close(edit, place!);
    else if (place!.seal === undefined)
      this.#places.set(edit.shard, { ...place!, state: 'sealed', seal: edit.at });
  }

  #close({ key, shard }: Extract<Edit, { kind: 'close' }>, place: ShardPlace): void {
    if (place.state !== 'open') return;
    this.#places.set(shard, { ...place, state: 'closing' });
    const drained = this.#drain(key).then(() => {
      this.#drained.add(shard);
      this.#agreed.news.announce();
    });
    detached(drained, unthinkable);
  }
}

function nameOf({ stream, shard }: ShardKey): string {
  return `${stream} ${shard}`;
}

const never = new AbortController().signal;
