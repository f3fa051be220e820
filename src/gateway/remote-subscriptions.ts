import { detached, unthinkable } from '../env/detached.ts';
import type { Subscriptions } from '../stream/subscriptions.ts';
import { restored } from './error-transfer.ts';
import type { RecordsClient } from './records-client.ts';
import type { Requests } from './requests.ts';

/** The owner's subscriptions, for those of another thread: the owner alone knows of all of them. */
export class RemoteSubscriptions implements Subscriptions {
  readonly #owner: RecordsClient;

  constructor(owner: RecordsClient) {
    this.#owner = owner;
  }

  async begin(consumer: string, named: string): Promise<AbortController> {
    return await this.#begun({ consumer, named });
  }

  async beginTail(tailOf: string | undefined): Promise<AbortController> {
    return await this.#begun({ tailOf });
  }

  async #begun(asked: Requests['subscribe'][0]): Promise<AbortController> {
    const { body: number } = await this.#owner.ask('subscribe', asked);
    const end = new AbortController();
    detached(this.#follow(number, end), unthinkable);
    return end;
  }

  /** Ends a subscription when the owner ends it, and the other way round. */
  async #follow(number: number, end: AbortController): Promise<void> {
    const reason = await this.#owner.askUntil(end.signal, 'over', number);
    end.abort(reason && restored(reason));
  }
}
