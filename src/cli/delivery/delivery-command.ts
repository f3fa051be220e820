import { Command } from 'commander';
import { type PlaceOptions, placeHelpOf, withPlace } from '../aws-place.ts';
import type { DeliveryAction, DeliveryRequest } from './delivery-request.ts';

type Options = PlaceOptions & { readonly json?: boolean };

/** The command `delivery`. `asked` is told what is asked for; what makes no sense is a `StartError`. */
export function deliveryCommand(asked: (request: DeliveryRequest) => void): Command {
  const delivery = new Command('millrace delivery')
    .description('How the deliveries of delivery streams and channels do.')
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .addHelpText('after', helpText)
    .exitOverride();
  const command = (name: string, description: string): Command => {
    const made = delivery.command(name).description(description).helpOption('-h, --help', 'show this');
    withPlace(made).option('--json', 'print JSON, as is done where no terminal is');
    return made.exitOverride().copyInheritedSettings(delivery);
  };
  const ask = (action: DeliveryAction, { endpoint, profile, json }: Options) =>
    asked({ ...action, endpoint, profile, json });
  command('list', 'how fresh and how fast each delivery is, and what holds it up').action(
    (options: Options) => ask({ kind: 'list' }, options),
  );
  command('show', 'all that is known of one')
    .argument('<delivery>')
    .action((name: string, options: Options) => ask({ kind: 'show', delivery: name }, options));
  return delivery;
}

const helpText = `
A delivery is named by its id or the beginning of it, or by its delivery stream or channel, where no other has that
name. What it has delivered is counted since it runs where it runs; freshness is the age of the oldest record that is
not delivered. On a terminal tables are shown, elsewhere JSON.
${placeHelpOf('FIREHOSE')}

Exit code: 0 done, 1 refused, 2 it could not be asked.

Examples:
  $ millrace delivery list
  $ millrace delivery show orders-to-lake
`;
