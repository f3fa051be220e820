import { Command } from 'commander';
import { placeHelp, withPlace } from '../aws-place.ts';
import type { Run } from '../command-world.ts';
import type { DoctorOptions } from './doctor.ts';

/** The command `doctor`. */
export function doctorCommand(asked: (run: Run) => void): Command {
  const command = new Command('millrace doctor')
    .description('Looks at the machine, its disk, and a server that runs, and says what to do.')
    .option('--data <directory>', 'the data directory (default: as a server would have it)')
    .option('--config <file>', 'the config file of the server')
    .option('--json', 'print JSON, as is done where no terminal is')
    .helpOption('-h, --help', 'show this')
    .addHelpText('after', helpText)
    .exitOverride()
    .action((options: DoctorOptions) =>
      asked(async (world) => (await import('./doctor.ts')).runDoctor(options, world)),
    );
  return withPlace(command);
}

const helpText = `
Looked at are Node, open files, memory and MILLRACE_ variables; the data directory's file system, space and how long
a sync takes there; the certificate; and at the server its health, its clock, and what these credentials may.
${placeHelp}

Exit code: 0 nothing keeps a server from working, 1 something does, 2 the command makes no sense.

Examples:
  $ millrace doctor
  $ millrace doctor --data /var/lib/millrace --endpoint https://streams.example.com:4567
`;
