import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { useKeys } from '../../shell/keys.ts';
import { go, href } from '../../shell/router.ts';
import { recordPath } from './permalink.ts';
import { toBePut } from './put-again.ts';
import { RecordDetails } from './record-details.tsx';
import type { TailRecord } from './tail-record.ts';
import { t } from './text.ts';

/** A record beside the list that it was chosen in, or over it where there is no room. Escape closes it. */
export function RecordPane({ stream, record, onClose }: RecordPaneProps) {
  const close = () => {
    onClose();
    document.querySelector<HTMLElement>('.records-list')?.focus();
  };
  useKeys([{ keys: 'Escape', text: t.close, run: close }], []);
  return (
    <section class="record-pane" aria-label={t.details}>
      <header class="record-pane-head">
        <h2>{t.details}</h2>
        <Button kind="quiet" label={t.close} onPress={close}>
          <span aria-hidden="true">✕</span>
        </Button>
      </header>
      <RecordActions stream={stream} record={record} />
      <RecordDetails stream={stream} record={record} />
    </section>
  );
}

type RecordPaneProps = {
  readonly stream: string;
  readonly record: TailRecord;
  readonly onClose: () => void;
};

/** Where one may go from a record, and what may be done with it. */
export function RecordActions({ stream, record, isPage = false }: RecordActionsProps) {
  const path = recordPath({ stream, ...record });
  const from = new Date(record.arrival).toISOString();
  return (
    <div class="record-actions">
      {!isPage && <a href={path}>{t.openPage}</a>}
      <a href={href(['streams', stream, 'records'], { from })}>{t.tailFromHere}</a>
      {mayChange() && (
        <Button
          kind="quiet"
          onPress={() => {
            toBePut.value = {
              partitionKey: record.partitionKey,
              data: record.data,
              explicitHashKey: record.explicitHashKey,
            };
            go(href(['streams', stream, 'put']));
          }}
        >
          {t.putAgain}
        </Button>
      )}
      <CopyButton label={t.copyLink} text={`${location.origin}${path}`} />
    </div>
  );
}

type RecordActionsProps = {
  readonly stream: string;
  readonly record: TailRecord;
  readonly isPage?: boolean;
};
