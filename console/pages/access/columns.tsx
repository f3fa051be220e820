import type { Column } from '../../parts/table.tsx';
import { format } from '../../text/format.ts';
import { secondsOf } from './iam.ts';
import { t } from './text.ts';

type Common = { readonly Arn: string; readonly Path: string; readonly CreateDate: string };

/** The columns that users, groups and roles have. */
export function columnsOf<Row extends Common>(nameOf: (row: Row) => string): readonly Column<Row>[] {
  return [
    { id: 'name', title: t.name, width: 'minmax(10rem, 2fr)', cell: nameOf, sortBy: nameOf },
    { id: 'path', title: t.path, cell: ({ Path }) => Path, sortBy: ({ Path }) => Path },
    {
      id: 'created',
      title: t.created,
      width: 'minmax(15rem, 1fr)',
      cell: ({ CreateDate }) => format.time(secondsOf(CreateDate)),
      sortBy: ({ CreateDate }) => secondsOf(CreateDate),
    },
    {
      id: 'arn',
      title: t.arn,
      width: 'minmax(20rem, 3fr)',
      cell: ({ Arn }) => <span class="mono">{Arn}</span>,
    },
  ];
}
