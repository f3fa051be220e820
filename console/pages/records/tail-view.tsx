import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { CallError } from '../../api/call-error.ts';
import { detached } from '../../api/detached.ts';
import { Badge, type Kind } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { errorText } from '../../parts/error-text.ts';
import { Notice } from '../../parts/notice.tsx';
import { useKeys } from '../../shell/keys.ts';
import { format } from '../../text/format.ts';
import { byFrame, canRetry, openTail, pauseBefore } from './events-world.ts';
import { isNarrow } from './narrow.ts';
import { RecordPane } from './record-pane.tsx';
import { RowList } from './row-list.tsx';
import { RowTexts } from './row-texts.tsx';
import { TailBuffer } from './tail-buffer.ts';
import { recordOfText } from './tail-record.ts';
import { TailSession } from './tail-session.ts';
import { t } from './text.ts';
import { tailQuery, type ViewState } from './view-state.ts';
import { type Wrong, wrongOf } from './wrong.ts';

/** The records of a view as they come. It is drawn by the frame, however many come in between. */
export function TailView({ stream, view, buffer, onWrong, onFrom }: TailViewProps) {
  const frame = useSignal(0);
  const session = useTail(stream, view, buffer, frame);
  const opened = useSignal<number | undefined>(undefined);
  const rows = useMemo(() => new RowTexts(buffer), [buffer]);
  const { first, end, received } = buffer;
  const wrong = wrongIn(session);
  useEffect(() => onWrong(wrong), [wrong?.message]);
  useKeys([{ keys: ' ', text: t.pauseOrFollow, run: () => session.follow(!session.isFollowing) }], [session]);
  const record = opened.value === undefined ? undefined : buffer.at(opened.value);
  return (
    <div class={record === undefined ? 'tail' : 'tail with-pane'} data-frame={frame.value}>
      <TailStatusBar session={session} frame={frame.value} />
      <TailNotices session={session} frame={frame.value} />
      <RowList
        label={t.title}
        className="records-list"
        head={Object.entries(t.columns).map(([id, title]) => (
          <th key={id} scope="col" class={`cell-${id}`}>
            {title}
          </th>
        ))}
        first={first}
        end={end}
        rowPixels={isNarrow.value ? 48 : 26}
        row={(place) => rows.cells(place)}
        follows={session.isFollowing}
        onFollow={(isOn) => session.follow(isOn)}
        active={opened.value}
        onActive={(place) => {
          opened.value = place;
        }}
        onOpen={(place) => {
          session.follow(false);
          opened.value = place;
        }}
      />
      {received === 0 && session.state !== 'refused' && (
        <Nothing view={view} onFrom={onFrom} session={session} frame={frame.value} />
      )}
      {record !== undefined && (
        <RecordPane
          key={opened.value}
          stream={stream}
          record={recordOfText(record)}
          onClose={() => {
            opened.value = undefined;
          }}
        />
      )}
    </div>
  );
}

export type TailViewProps = {
  readonly stream: string;
  readonly view: ViewState;
  readonly buffer: TailBuffer;
  /** What is wrong with the expression; undefined for nothing. */
  readonly onWrong: (wrong: Wrong | undefined) => void;
  readonly onFrom: (from: string) => void;
};

/** Records that are kept, and characters of all of them: some 128 MB at most. */
const bufferBounds = { recordsMax: 50_000, charactersMax: 64 * 1024 * 1024 };

export function newBuffer(): TailBuffer {
  return new TailBuffer(bufferBounds);
}

function useTail(stream: string, view: ViewState, buffer: TailBuffer, frame: Signal<number>): TailSession {
  const ended = useMemo(() => new AbortController(), []);
  const session = useMemo(() => {
    const onChange = byFrame(() => {
      frame.value += 1;
    });
    const pause = (attempt: number) => pauseBefore(attempt, ended.signal);
    return new TailSession(buffer, { open: openTail(stream, tailQuery(view)), canRetry, pause, onChange });
  }, []);
  useEffect(() => {
    detached(session.run());
    return () => {
      ended.abort();
      session.stop();
    };
  }, []);
  return session;
}

/** A session changes in itself: it is the frame that says that it is to be drawn again. */
type SessionProps = { readonly session: TailSession; readonly frame: number };

function TailStatusBar({ session }: SessionProps) {
  const { buffer, state, isFollowing, status } = session;
  const isPaused = !isFollowing && (state === 'live' || state === 'held');
  const kinds: Readonly<Record<string, Kind>> = { live: 'good', broken: 'warning', refused: 'bad' };
  const letGo = buffer.first;
  const isFiltered = status.records > buffer.received;
  return (
    <div class="tail-status">
      <Badge kind={isPaused ? 'warning' : (kinds[state] ?? 'neutral')}>
        {isPaused ? t.paused : t.states[state]}
      </Badge>
      <Button keys="Space" kind={isPaused ? 'main' : 'plain'} onPress={() => session.follow(!isFollowing)}>
        {isFollowing ? t.pause : t.follow}
      </Button>
      <span>
        <strong>{t.received(format.number(buffer.received))}</strong>
        {isFiltered && <> {t.seen(format.number(status.records))}</>}
      </span>
      {letGo > 0 && <span class="quiet-text">{t.letGo(format.number(letGo))}</span>}
      {status.lagMs > 0 && <span class="quiet-text">{t.lag(format.duration(status.lagMs))}</span>}
      <span class="quiet-text tail-keys">{t.keys}</span>
    </div>
  );
}

function TailNotices({ session }: SessionProps) {
  const { state, error, trouble } = session;
  if (state === 'held') return <Notice>{t.heldNote}</Notice>;
  if (wrongIn(session) !== undefined) return null;
  if (error instanceof Error) return <Notice kind="bad">{errorText(error)}</Notice>;
  if (trouble === undefined) return null;
  return (
    <Notice kind={state === 'refused' ? 'bad' : 'warning'}>{`${trouble.type}: ${trouble.message}`}</Notice>
  );
}

type NothingProps = Pick<TailViewProps, 'view' | 'onFrom'> & SessionProps;

function Nothing({ view, onFrom, session }: NothingProps) {
  const isLooked = session.status.records > 0;
  const title = isLooked ? t.nothingMatches : session.state === 'ended' ? t.noRecords : t.waiting;
  return (
    <div class="tail-nothing">
      <EmptyState
        title={title}
        actions={
          view.from !== 'TRIM_HORIZON' && (
            <Button onPress={() => onFrom('TRIM_HORIZON')}>{t.fromStart}</Button>
          )
        }
      >
        {isLooked ? t.seen(format.number(session.status.records)) : t.waitingText}
      </EmptyState>
    </div>
  );
}

/** What the server says is wrong with the expression that was typed: it is the one thing that has a place. */
function wrongIn({ error, trouble }: TailSession): Wrong | undefined {
  const message = trouble?.message ?? (error instanceof CallError ? error.message : '');
  const wrong = wrongOf(message);
  return wrong.position === undefined ? undefined : wrong;
}
