import { useMemo } from 'preact/hooks';
import { Bytes, type Step } from '../../code/request.ts';
import { go, href } from '../../shell/router.ts';
import { texts } from '../../text/text.ts';
import { sampleFlights } from '../records/sample-data.ts';
import { ActionDialog } from '../stream/actions/action-dialog.tsx';

const t = texts({
  en: {
    title: 'A stream with sample records',
    verb: 'Create and put',
    will: [
      `Creates a stream named flights with two shards, which is enough for 2,000 records a second.`,
      'Puts sixty made-up flights into it, each a small JSON object, with the airport it leaves from as partition key.',
      'Then shows them. The stream can be deleted again in its settings.',
    ],
  },
  es: {
    title: 'Un stream con registros de ejemplo',
    verb: 'Crear y poner',
    will: [
      'Crea un stream llamado flights con dos shards, que bastan para 2.000 registros por segundo.',
      'Pone en él sesenta vuelos inventados, cada uno un pequeño objeto JSON, con el aeropuerto de salida como clave de partición.',
      'Después los muestra. El stream se puede borrar en sus ajustes.',
    ],
  },
});

const name = 'flights';
const flightCount = 60;

/** Makes a stream that has something in it, for whoever wants to look around. */
export function SampleDialog({ onClose }: { readonly onClose: () => void }) {
  const steps = useMemo(sampleSteps, []);
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={name}
      steps={steps}
      will={t.will}
      onClose={onClose}
      onDone={() => go(href(['streams', name, 'records'], { from: 'TRIM_HORIZON' }))}
    />
  );
}

function sampleSteps(): Step[] {
  const records = [...sampleFlights(flightCount, 1)].map((flight) => ({
    Data: new Bytes(btoa(flight)),
    PartitionKey: (JSON.parse(flight) as { origin: string }).origin,
  }));
  return [
    { service: 'kinesis', operation: 'CreateStream', input: { StreamName: name, ShardCount: 2 } },
    { untilActive: name },
    { service: 'kinesis', operation: 'PutRecords', input: { StreamName: name, Records: records } },
  ];
}
