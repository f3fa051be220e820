import { useSignal } from '@preact/signals';
import type { Bill, BillLine } from '../../../src/cost/cost-of.ts';
import type { BillingMode } from '../../../src/cost/price-table.ts';
import { type Column, Table } from '../../parts/table.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { format } from '../../text/format.ts';
import { dollars } from './dollars.ts';
import { t } from './text.ts';

/** The bills of all modes, the cheapest first, and the lines of one of them. */
export function BillView({ bills }: { readonly bills: readonly Bill[] }) {
  const chosen = useSignal<BillingMode | undefined>(undefined);
  const bill = bills.find(({ mode }) => mode === chosen.value) ?? bills[0]!;
  return (
    <>
      <Tabs
        label={t.modes}
        tabs={bills.map((each) => ({ id: each.mode, title: `${t.modeNames[each.mode]} ${amountOf(each)}` }))}
        chosen={bill.mode}
        onChoose={(mode) => (chosen.value = mode)}
      />
      <Table
        label={t.modeNames[bill.mode]}
        rows={bill.lines}
        columns={columnsNow()}
        keyOf={({ item }) => item}
      />
    </>
  );
}

export function amountOf({ usdPerMonth, isEstimate }: Bill): string {
  return `${isEstimate ? '≈ ' : ''}${dollars(usdPerMonth)}`;
}

function columnsNow(): readonly Column<BillLine>[] {
  return [
    { id: 'item', title: t.item, width: 'minmax(12rem, 2fr)', cell: ({ item }) => t.itemNames[item] },
    {
      ...{ id: 'quantity', title: t.quantity, align: 'end', width: '9rem' },
      cell: ({ quantity }) => format.number(quantity, 2),
    },
    {
      ...{ id: 'price', title: t.price, width: 'minmax(11rem, 1fr)' },
      cell: ({ price }) =>
        `${price.isEstimate ? '≈ ' : ''}$${format.number(price.usd, 3)} / ${t.units[price.per] ?? price.per}`,
    },
    {
      ...{ id: 'month', title: t.month, align: 'end', width: '8rem', sortBy: ({ usd }) => usd },
      cell: ({ usd }) => dollars(usd),
    },
  ];
}
