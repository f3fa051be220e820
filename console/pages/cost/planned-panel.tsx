import { costOf } from '../../../src/cost/cost-of.ts';
import { plannedUsage } from '../../../src/cost/usage.ts';
import { TextField } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { queryParameter } from '../../shell/router.ts';
import { BillView } from './bill-view.tsx';
import { t } from './text.ts';

/** A load as one imagines it, in the address, so that it can be sent to somebody. */
const fields = {
  records: queryParameter('records', '2000'),
  size: queryParameter('size', '1024'),
  readers: queryParameter('readers', '1'),
  fanOut: queryParameter('fan-out', '0'),
  retention: queryParameter('retention', '24'),
} as const;

/** The other way round: what a load would cost. */
export function PlannedPanel() {
  const number = (name: keyof typeof fields, least: number) =>
    Math.max(least, Number(fields[name].value) || least);
  const usage = plannedUsage({
    ...{ name: '', shards: undefined },
    recordsPerSecond: number('records', 0),
    bytesPerRecord: number('size', 1),
    pollingReaders: number('readers', 0),
    fanOutReaders: number('fanOut', 0),
    retentionHours: number('retention', 24),
  });
  return (
    <Panel title={t.planned}>
      <div class="load-fields">
        {Object.entries(fields).map(([name, value]) => (
          <TextField key={name} label={t[name as keyof typeof fields]} value={value} kind="number" />
        ))}
      </div>
      <BillView bills={costOf([usage]).bills} />
    </Panel>
  );
}
