import { type AwsCalls, AwsError } from '../../server/lambda/aws-calls.ts';
import type { DeliveryAnswer } from './delivery-answers.ts';
import type { DeliveryAction } from './delivery-request.ts';
import { deliveriesText, deliveryText } from './delivery-text.ts';

/** What carrying out a request needs. */
export type DeliveryCommandWorld = {
  readonly calls: Pick<AwsCalls, 'firehose'>;
  /** Whether JSON is printed. */
  readonly json: boolean;
  readonly say: (text: string) => void;
};

/**
 * Carries out a request about deliveries. Rejects with `AwsError` when it is refused, or when a name stands
 * for no delivery or for several.
 */
export async function runDeliveryCommand(action: DeliveryAction, world: DeliveryCommandWorld): Promise<void> {
  const { calls, json, say } = world;
  const answer = (value: unknown, text: () => string) =>
    say(json ? `${JSON.stringify(value, undefined, 2)}\n` : text());
  const { Deliveries: all } = await calls.firehose<{ Deliveries: readonly DeliveryAnswer[] }>(
    'ListDeliveries',
    {},
  );
  switch (action.kind) {
    case 'list':
      return answer(all, () => deliveriesText(all));
    case 'show': {
      const delivery = find(all, action.delivery);
      return answer(delivery, () => deliveryText(delivery));
    }
  }
}

function find(all: readonly DeliveryAnswer[], name: string): DeliveryAnswer {
  const exact = all.filter(({ Id: id, Arn: arn }) => id === name || arn === name);
  const named = exact.length > 0 ? exact : all.filter(({ Name }) => Name === name);
  const found = named.length > 0 ? named : all.filter(({ Id: id }) => id.startsWith(name));
  if (found.length === 1) return found[0]!;
  if (found.length === 0) throw unknown(`there is no delivery ${name}; see millrace delivery list`);
  throw unknown(`several deliveries are ${name}: name one of ${found.map(({ Id: id }) => id).join(', ')}`);
}

const unknown = (message: string) => new AwsError('ResourceNotFoundException', message);
