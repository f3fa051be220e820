import { type FollowedJournal, openJournal } from '../../journal/journal.ts';
import { journalIn } from '../../journal/journal-log.ts';
import type { Engine } from '../../log/log.ts';
import { deliveryKey } from './delivery-key.ts';
import { deliveryMachine, stateBytesMax } from './delivery-machine.ts';
import type { DeliveryEdit, DeliveryState } from './delivery-state.ts';

export type DeliveryJournalOptions = {
  /** How many bytes of state there is room for. */
  readonly bytesMax?: number;
  /** How much longer than a few times the state the log may be. 1 MiB unless it says. */
  readonly slackBytes?: number | undefined;
  /** Lets others work between rounds that are full. */
  readonly turn?: () => Promise<void>;
};

/**
 * Replays the log. Where the engine has a `writer`, several processes may have it open: see `followJournal`.
 * Rejects with `NewerFormatError` or `DamagedError` when the log cannot be understood, and with
 * `UnavailableError` when it does not answer.
 */
export function openDeliveryJournal(
  engine: Engine,
  { bytesMax = stateBytesMax, slackBytes, turn }: DeliveryJournalOptions = {},
): Promise<FollowedJournal<DeliveryState, DeliveryEdit>> {
  return openJournal(deliveryMachine(bytesMax), journalIn(engine, deliveryKey), slackBytes, turn);
}
