import { mayChange } from '../../../api/config.ts';
import { Badge } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { type Column, Table } from '../../../parts/table.tsx';
import { Trouble } from '../../../parts/trouble.tsx';
import { format } from '../../../text/format.ts';
import { readOnlyWhy } from '../actions/read-only.ts';
import type { DialogName } from './setting-dialog.tsx';
import { Opener, SettingPanel } from './setting-panel.tsx';
import { t } from './text.ts';
import type { FanOutConsumer, Settings } from './use-settings.ts';

/** The registered consumers of a stream. */
export function ConsumersPanel({ settings: { consumers }, open }: ConsumersPanelProps) {
  const rows = consumers.answer ?? [];
  const register = (
    <Opener text={t.register} about={t.register} why={readOnlyWhy().why} onOpen={() => open('register')} />
  );
  return (
    <SettingPanel title={t.consumers} isWide={true} actions={consumers.answer !== undefined && register}>
      <Trouble asked={consumers} />
      {rows.length === 0 && consumers.error === undefined && <p class="quiet-text">{t.noConsumers}</p>}
      {rows.length > 0 && (
        <Table
          label={t.consumers}
          rows={rows}
          columns={columnsOf((name) => open({ deregister: name }))}
          keyOf={({ ConsumerARN }) => ConsumerARN}
          sort="consumer"
          rowsShown={8}
        />
      )}
    </SettingPanel>
  );
}

type ConsumersPanelProps = { readonly settings: Settings; readonly open: (name: DialogName) => void };

function columnsOf(deregister: (name: string) => void): readonly Column<FanOutConsumer>[] {
  return [
    {
      ...{ id: 'consumer', title: t.consumer, width: 'minmax(9rem, 2fr)' },
      sortBy: ({ ConsumerName }) => ConsumerName,
      cell: ({ ConsumerName }) => <span title={ConsumerName}>{ConsumerName}</span>,
    },
    {
      ...{ id: 'state', title: t.state, width: '7rem' },
      sortBy: ({ ConsumerStatus }) => ConsumerStatus,
      cell: ({ ConsumerStatus }) => (
        <Badge kind={ConsumerStatus === 'ACTIVE' ? 'good' : 'info'}>{ConsumerStatus}</Badge>
      ),
    },
    {
      ...{ id: 'since', title: t.since, width: '13rem' },
      sortBy: ({ ConsumerCreationTimestamp }) => ConsumerCreationTimestamp,
      cell: ({ ConsumerCreationTimestamp }) => format.time(ConsumerCreationTimestamp),
    },
    {
      ...{ id: 'arn', title: 'ARN', width: '7rem' },
      cell: ({ ConsumerARN }) => <CopyButton text={ConsumerARN} label={t.copyArn} />,
    },
    {
      ...{ id: 'remove', title: '', width: '9.5rem' },
      cell: ({ ConsumerName }) => (
        <Button
          kind="quiet"
          label={`${t.deregister} ${ConsumerName}`}
          disabled={!mayChange()}
          {...readOnlyWhy()}
          onPress={() => deregister(ConsumerName)}
        >
          {t.deregister}
        </Button>
      ),
    },
  ];
}
