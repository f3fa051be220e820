import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { detached } from '../../api/detached.ts';
import { Badge, type Kind } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Notice } from '../../parts/notice.tsx';
import { format } from '../../text/format.ts';
import { bodyPreview } from '../records/body-text.ts';
import { Download, fileName } from '../records/download.ts';
import { linesInPieces } from '../records/range-records.ts';
import { RowList } from '../records/row-list.tsx';
import { ValueTree } from '../records/value-tree.tsx';
import { csvLine, jsonLine } from './csv-text.ts';
import type { QueryResult, QueryState } from './query-result.ts';
import type { QueryRun } from './query-run.ts';
import { t } from './text.ts';

/** What a query has answered so far: counts, rows, and how to save them. */
export function QueryAnswer({ stream, run, frame }: QueryAnswerProps) {
  const { result, wasFull, isBroken } = run;
  const active = useSignal<number | undefined>(undefined);
  const opened = useSignal<readonly unknown[] | undefined>(undefined);
  const { columns, count } = result;
  return (
    <div class="query-answer">
      <QueryStatus stream={stream} run={run} frame={frame} />
      {wasFull && <Notice kind="warning">{t.full(format.number(result.rowsMax))}</Notice>}
      {isBroken && <Notice kind="bad">{t.broken}</Notice>}
      {result.state === 'ended' && count === 0 && <EmptyState title={t.none}>{t.noneText}</EmptyState>}
      {count > 0 && (
        <div class="query-rows" style={{ '--tracks': tracksOf(result) }}>
          <RowList
            label={t.title}
            head={columns.map((column, index) => (
              <th key={index} scope="col">
                {column}
              </th>
            ))}
            first={0}
            end={count}
            rowPixels={26}
            row={(index) => cellsOf(result.rowAt(index)!)}
            active={active.value}
            onActive={(index) => {
              active.value = index;
            }}
            onOpen={(index) => {
              active.value = index;
              opened.value = result.rowAt(index);
            }}
          />
        </div>
      )}
      {opened.value !== undefined && (
        <RowDialog
          columns={columns}
          values={opened.value}
          onClose={() => {
            opened.value = undefined;
          }}
        />
      )}
    </div>
  );
}

/** A run changes in itself: it is the frame that says that it is to be drawn again. */
type QueryAnswerProps = { readonly stream: string; readonly run: QueryRun; readonly frame: number };

const kinds: Readonly<Record<QueryState, Kind>> = {
  running: 'info',
  ended: 'good',
  stopped: 'warning',
  failed: 'bad',
};

function QueryStatus({ stream, run }: QueryAnswerProps) {
  const { result, begunAt, endedAt } = run;
  const save = (extension: 'csv' | 'ndjson') => detached(saveRows(stream, result, extension));
  return (
    <div class="tail-status" role="status">
      <Badge kind={kinds[result.state]}>{t.states[result.state]}</Badge>
      <strong>{t.rows(format.number(result.count))}</strong>
      {result.recordsScanned > 0 && (
        <span class="quiet-text">
          {t.scanned(format.number(result.recordsScanned))}
          {result.bytesScanned > 0 && `, ${format.bytes(result.bytesScanned)}`}
        </span>
      )}
      {endedAt !== undefined && (
        <span class="quiet-text">{t.inTime(format.duration(Math.round(endedAt - begunAt)))}</span>
      )}
      {result.count > 0 && result.state !== 'running' && (
        <span class="query-save">
          <Button onPress={() => save('csv')}>{t.saveCsv}</Button>
          <Button onPress={() => save('ndjson')}>{t.saveNdjson}</Button>
        </span>
      )}
    </div>
  );
}

async function saveRows(stream: string, result: QueryResult, extension: 'csv' | 'ndjson'): Promise<void> {
  const file = new Download();
  for await (const piece of linesInPieces(linesOf(result, extension))) file.write(piece);
  const type = extension === 'csv' ? 'text/csv' : 'application/x-ndjson';
  file.save(fileName(stream, new Date(), extension), type);
}

function* linesOf(result: QueryResult, extension: 'csv' | 'ndjson'): Generator<string> {
  if (extension === 'csv') yield csvLine(result.columns);
  for (const row of result.rows()) {
    yield extension === 'csv' ? csvLine(row) : jsonLine(result.columns, row);
  }
}

function cellsOf(values: readonly unknown[]): ComponentChildren {
  return values.map((value, index) => (
    <td key={index} class={typeof value === 'number' ? 'number' : value === null ? 'null' : ''}>
      {value === null ? 'null' : bodyPreview(value, cellMax)}
    </td>
  ));
}

const cellMax = 300;

/** Columns as wide as their first rows need, structures and long texts as wide as there is room. */
function tracksOf(result: QueryResult): string {
  const rows = Array.from({ length: Math.min(result.count, looked) }, (_, index) => result.rowAt(index)!);
  return result.columns
    .map((column, index) => {
      const lengths = rows.map((row) => bodyPreview(row[index], widthMax).length);
      const width = Math.max(column.length, ...lengths, 4) + 3;
      return width > widthMax ? `minmax(24ch, ${widthMax}fr)` : `minmax(${width}ch, ${width}fr)`;
    })
    .join(' ');
}

const looked = 20;
const widthMax = 60;

type RowDialogProps = {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
  readonly onClose: () => void;
};

function RowDialog({ columns, values, onClose }: RowDialogProps) {
  return (
    <Dialog
      wide={true}
      title={t.row}
      onClose={onClose}
      actions={<Button onPress={onClose}>{t.close}</Button>}
    >
      {columns.map((column, index) => (
        <div key={index} class="row-value mono">
          <ValueTree name={column} value={values[index]} />
        </div>
      ))}
    </Dialog>
  );
}
