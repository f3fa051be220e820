import { useRef } from 'preact/hooks';
import type { GetServerSightAnswer } from '../../../src/services/millrace/sights.ts';
import { useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';
import { Badge } from '../../parts/badge.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { format } from '../../text/format.ts';
import {
  gatewayColumns,
  hitColumns,
  operationColumns,
  slowColumns,
  threadColumns,
} from './server-columns.tsx';
import { t } from './text.ts';

/** How the server does: what one should know, its memory and disk, its threads, and what it was asked. */
export function ServerPage() {
  const asked = useAsked(
    (signal) => call<GetServerSightAnswer>('millrace', 'GetServerSight', {}, { signal }),
    [],
    { everyMs },
  );
  const server = asked.answer;
  return (
    <>
      <PageHead title={t.title} badges={server && <Health health={server.Health} />} />
      <Trouble asked={asked} />
      {server !== undefined && <Known server={server} />}
      {server === undefined && asked.error === undefined && <Skeleton />}
    </>
  );
}

const everyMs = 2_000;

function Health({ health }: { readonly health: string }) {
  return <Badge kind={health === 'ok' ? 'good' : 'bad'}>{health}</Badge>;
}

type ServerProps = { readonly server: GetServerSightAnswer };

function Known({ server }: ServerProps) {
  const { Warnings, Threads, Gateways, SlowRequests, LimitsHit } = server;
  return (
    <>
      {Warnings.map((warning) => (
        <Notice key={warning} kind="warning">
          <span lang="en">{warning}</span>
        </Notice>
      ))}
      {Warnings.length === 0 && <Notice kind="good">{t.well}</Notice>}
      <ServerFacts server={server} />
      <Room server={server} />
      <Operations server={server} />
      <Panel title={t.slow}>
        <Table
          label={t.slow}
          rows={SlowRequests}
          columns={slowColumns()}
          keyOf={({ RequestId }) => RequestId}
          empty={<EmptyState title={t.noSlow} />}
          rowsShown={8}
        />
      </Panel>
      <Panel title={t.hit}>
        <Table
          label={t.hit}
          rows={LimitsHit}
          columns={hitColumns()}
          keyOf={({ Limit, Resource }) => `${Limit} ${Resource}`}
          empty={<EmptyState title={t.noHit} />}
          rowsShown={8}
        />
      </Panel>
      <Panel title={t.threads}>
        <Table label={t.threads} rows={Threads} columns={threadColumns()} keyOf={({ Name }) => Name} />
      </Panel>
      {Gateways.length > 1 && (
        <Panel title={t.gateways}>
          <Table label={t.gateways} rows={Gateways} columns={gatewayColumns()} keyOf={({ Id }) => Id} />
        </Panel>
      )}
    </>
  );
}

function ServerFacts({ server }: ServerProps) {
  return (
    <Facts
      facts={[
        [t.version, `Millrace ${server.Version}, Node.js ${server.NodeVersion}`],
        [t.engine, <span class="mono">{server.Engine}</span>],
        [t.since, format.time(server.StartedAt)],
        [t.signed, server.Signed ? t.verified : t.notVerified],
        [t.encrypted, server.EncryptedAtRest ? t.isEncrypted : t.notEncrypted],
        [t.limits, server.Limits === 'aws' ? t.limitsOfAws : t.noLimits],
        [t.listens, server.Listeners.join(', ')],
      ]}
    />
  );
}

/** What there is of disk and memory, as bars. */
function Room({ server: { Disk, Memory } }: ServerProps) {
  const { ResidentBytes, MachineBytes, HeapUsedBytes, HeapMaxBytes, BuffersBytes } = Memory;
  const bytes = format.bytes;
  return (
    <div class="rooms">
      {Disk !== undefined && (
        <Bar
          name={`${t.disk} ${Disk.Path}`}
          share={1 - Disk.FreeBytes / Disk.TotalBytes}
          text={t.free(bytes(Disk.FreeBytes), bytes(Disk.TotalBytes))}
        />
      )}
      <Bar
        name={t.memory}
        share={ResidentBytes / MachineBytes}
        text={t.used(bytes(ResidentBytes), bytes(MachineBytes))}
      />
      <Bar
        name={t.heap}
        share={HeapUsedBytes / HeapMaxBytes}
        text={t.used(bytes(HeapUsedBytes), bytes(HeapMaxBytes))}
      />
      <Bar name={t.buffers} share={BuffersBytes / MachineBytes} text={bytes(BuffersBytes)} />
    </div>
  );
}

/** From when on a bar is red. */
const fullFrom = 0.85;

type BarProps = { readonly name: string; readonly share: number; readonly text: string };

function Bar({ name, share, text }: BarProps) {
  const percent = 100 * Math.min(1, Math.max(0, share));
  return (
    <div class="room">
      <div class="room-head">
        <span>{name}</span>
        <span class="quiet-text">{text}</span>
      </div>
      <div class={share < fullFrom ? 'room-bar' : 'room-bar full'} aria-hidden="true">
        <div style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

/** What was called, with how often it is called now. */
function Operations({ server }: ServerProps) {
  const before = useRef(server);
  const rates = useRef(new Map<string, number>());
  const seconds = server.At - before.current.At;
  if (seconds > 0) {
    const earlier = new Map(before.current.Operations.map(({ Operation, Calls }) => [Operation, Calls]));
    rates.current = new Map(
      server.Operations.map(({ Operation, Calls }) => [
        Operation,
        Math.max(0, Calls - (earlier.get(Operation) ?? 0)) / seconds,
      ]),
    );
    before.current = server;
  }
  return (
    <Panel title={t.operations}>
      <Table
        label={t.operations}
        rows={server.Operations}
        columns={operationColumns(rates.current)}
        keyOf={({ Operation }) => Operation}
        sort="-calls"
        empty={<EmptyState title={t.noCalls} />}
        rowsShown={12}
      />
    </Panel>
  );
}
