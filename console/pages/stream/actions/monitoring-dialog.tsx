import { useSignal } from '@preact/signals';
import { inTurn } from '../../../code/request.ts';
import { texts } from '../../../text/text.ts';
import { changeMonitoring } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    title: 'Metrics of each shard',
    verb: 'Change',
    which: 'Metrics',
    will: (shards: string) =>
      `The chosen metrics are kept in CloudWatch for each of the ${shards} shards, besides those of the stream.`,
    off: 'No metrics of single shards are kept any more. Those that are there stay.',
    cost: 'AWS bills each metric of each shard as a custom metric.',
    same: 'It is so already.',
  },
  es: {
    title: 'Métricas de cada shard',
    verb: 'Cambiar',
    which: 'Métricas',
    will: (shards: string) =>
      `Las métricas elegidas se guardan en CloudWatch para cada uno de los ${shards} shards, además de las del stream.`,
    off: 'Ya no se guardan métricas de cada shard. Las que hay se quedan.',
    cost: 'AWS cobra cada métrica de cada shard como métrica personalizada.',
    same: 'Ya es así.',
  },
});

/** API reference, EnableEnhancedMonitoring. */
const metrics = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
] as const;

export function MonitoringDialog({ stream, now, shards, onClose, onDone }: MonitoringDialogProps) {
  const wanted = useSignal<ReadonlySet<string>>(new Set(now));
  const steps = inTurn(stream.name, changeMonitoring(stream, now, [...wanted.value]));
  const will = wanted.value.size === 0 ? [t.off] : [t.will(String(shards)), t.cost];
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={stream.name}
      steps={steps}
      will={steps.length === 0 ? [] : will}
      trouble={steps.length === 0 ? t.same : undefined}
      onClose={onClose}
      onDone={onDone}
    >
      <fieldset class="choices">
        <legend>{t.which}</legend>
        {metrics.map((metric) => (
          <label key={metric}>
            <input
              type="checkbox"
              checked={wanted.value.has(metric)}
              onChange={() => {
                wanted.value = wanted.value.symmetricDifference(new Set([metric]));
              }}
            />
            <span class="mono">{metric}</span>
          </label>
        ))}
      </fieldset>
    </ActionDialog>
  );
}

type MonitoringDialogProps = StreamDialogProps & {
  readonly now: readonly string[];
  readonly shards: number;
};
