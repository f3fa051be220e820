import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { CallError } from '../../api/call-error.ts';
import { detached } from '../../api/detached.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { errorText } from '../../parts/error-text.ts';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useKeys } from '../../shell/keys.ts';
import type { Parameters } from '../../shell/page.ts';
import { go } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { bodyPreview, visibleText } from './body-text.ts';
import { parseRecordNumber, recordPath } from './permalink.ts';
import { decodedRecords, firstFrom, plainRecord, recordBefore } from './read-record.ts';
import { RecordDetails } from './record-details.tsx';
import { RecordActions } from './record-pane.tsx';
import type { KinesisRecord, TailRecord } from './tail-record.ts';
import { t } from './text.ts';

/**
 * A record by its permalink: stream, shard, sequence number, and its place in an aggregate where it has one.
 */
export function RecordPage({ parameters }: { readonly parameters: Parameters }) {
  const { stream, shard, number } = parameters as Record<'stream' | 'shard' | 'number', string>;
  const parsed = parseRecordNumber(number);
  if (parsed === undefined) {
    return (
      <>
        <PageHead title={t.recordOf(stream)} />
        <Notice kind="bad">{t.badAddress}</Notice>
      </>
    );
  }
  return <FoundRecord key={number} stream={stream} shardId={shard} {...parsed} />;
}

type PlaceProps = {
  readonly stream: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequence: number | undefined;
};

function FoundRecord(place: PlaceProps) {
  const { stream, shardId, sequenceNumber, subSequence } = place;
  const asked = useAsked((signal) => readRecord(place, signal), [stream, shardId, sequenceNumber]);
  return (
    <div class="record-page">
      <PageHead title={t.recordOf(stream)} actions={<Neighbours {...place} />} />
      {asked.error !== undefined && <Notice kind="bad">{errorText(asked.error)}</Notice>}
      {asked.answer === undefined && asked.error === undefined && <Skeleton lines={8} />}
      {asked.answer !== undefined &&
        (asked.answer.found?.SequenceNumber !== sequenceNumber ? (
          <NotThere {...place} next={asked.answer.found} />
        ) : (
          <OneOf place={place} records={asked.answer.records} chosen={subSequence} />
        ))}
    </div>
  );
}

type Read = { readonly found: KinesisRecord | undefined; readonly records: readonly TailRecord[] };

async function readRecord(place: PlaceProps, signal: AbortSignal): Promise<Read> {
  const found = await firstFrom(place, 'AT_SEQUENCE_NUMBER', signal);
  if (found === undefined || found.SequenceNumber !== place.sequenceNumber) return { found, records: [] };
  const records = await decodedRecords(place, found, signal);
  return { found, records: records.length > 0 ? records : [plainRecord(place.shardId, found)] };
}

type OneOfProps = {
  readonly place: PlaceProps;
  readonly records: readonly TailRecord[];
  readonly chosen: number | undefined;
};

/** Of an aggregate, one of its records, and which others there are. */
function OneOf({ place, records, chosen }: OneOfProps) {
  const record = records.find(({ subSequence }) => subSequence === chosen) ?? records[0]!;
  return (
    <>
      <RecordActions stream={place.stream} record={record} isPage={true} />
      {records.length > 1 && (
        <details class="aggregate">
          <summary>{t.aggregated(format.number(records.length))}</summary>
          <ol start={0}>
            {records.slice(0, listedMax).map((other) => (
              <li key={other.subSequence}>
                <a
                  href={recordPath({ stream: place.stream, ...other })}
                  aria-current={other === record ? 'true' : undefined}
                >
                  {visibleText(other.partitionKey)}
                </a>{' '}
                <span class="mono quiet-text">{bodyPreview(other.body, 100)}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
      <RecordDetails key={record.subSequence} stream={place.stream} record={record} />
    </>
  );
}

const listedMax = 1000;

function NotThere({ stream, shardId, next }: PlaceProps & { readonly next: KinesisRecord | undefined }) {
  return (
    <EmptyState
      title={t.notThere}
      actions={
        next !== undefined && (
          <a class="button" href={recordPath({ stream, shardId, sequenceNumber: next.SequenceNumber })}>
            {t.firstAfter}
          </a>
        )
      }
    >
      {t.notThereText}
    </EmptyState>
  );
}

/** To the records before and after in the shard: `p` and `n` on the keyboard. */
function Neighbours(place: PlaceProps) {
  const isBusy = useSignal(false);
  const lead = async (find: () => Promise<KinesisRecord | undefined>, none: string) => {
    isBusy.value = true;
    try {
      const found = await find();
      if (found === undefined) toast('info', none);
      else go(recordPath({ ...place, sequenceNumber: found.SequenceNumber, subSequence: undefined }));
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown;
      toast('bad', errorText(thrown));
    } finally {
      isBusy.value = false;
    }
  };
  const { signal } = new AbortController();
  const back = () => detached(lead(() => recordBefore(place, signal), t.noPrevious));
  const on = () => detached(lead(() => firstFrom(place, 'AFTER_SEQUENCE_NUMBER', signal), t.noNext));
  useKeys(
    [
      { keys: 'p', text: t.previous, run: back },
      { keys: 'n', text: t.next, run: on },
    ],
    [place.sequenceNumber],
  );
  return (
    <>
      <Button onPress={back} busy={isBusy.value} keys="p">
        {t.previous}
      </Button>
      <Button onPress={on} busy={isBusy.value} keys="n">
        {t.next}
      </Button>
    </>
  );
}
