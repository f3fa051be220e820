import { Badge } from '../../parts/badge.tsx';
import type { Column } from '../../parts/table.tsx';
import { href } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { CreateNamed } from './create-named.tsx';
import { EntityList } from './entity-list.tsx';
import { iam, iamList, type Policy, secondsOf } from './iam.ts';
import { newPolicy } from './policy-text.ts';
import { t } from './text.ts';

/** All policies that can be attached: the account's own, and those of AWS that are known here. */
export function PoliciesPage() {
  return (
    <EntityList
      title={t.policies}
      list={(signal) => iamList<Policy>('ListPolicies', 'Policies', {}, signal)}
      columns={columnsNow()}
      nameOf={({ PolicyName }) => PolicyName}
      addressOf={({ Arn }) => href(['access', 'policies', Arn])}
      create={t.createPolicy}
      dialog={(onClose) => (
        <CreateNamed
          title={t.createPolicy}
          folder="policies"
          document={{ label: t.document, hint: t.documentHint, first: newPolicy }}
          make={makePolicy}
          onClose={onClose}
        />
      )}
      none={t.noPolicies}
      noneText={t.noPoliciesText}
    />
  );
}

async function makePolicy(name: string, document: string): Promise<string> {
  const input = { PolicyName: name, PolicyDocument: document };
  const { Policy } = await iam<{ readonly Policy: Policy }>('CreatePolicy', input);
  return Policy.Arn;
}

/** AWS's have the account `aws` (IAM user guide, "Managed policies"). */
export function isOfAws(arn: string): boolean {
  return arn.includes(':iam::aws:');
}

function columnsNow(): readonly Column<Policy>[] {
  return [
    {
      id: 'name',
      title: t.name,
      width: 'minmax(16rem, 2fr)',
      cell: ({ PolicyName }) => PolicyName,
      sortBy: ({ PolicyName }) => PolicyName,
    },
    {
      id: 'of',
      title: t.manager,
      cell: ({ Arn }) => (isOfAws(Arn) ? <Badge>AWS</Badge> : t.own),
      sortBy: ({ Arn }) => (isOfAws(Arn) ? 1 : 0),
    },
    {
      id: 'attached',
      title: t.attachments,
      align: 'end',
      cell: ({ AttachmentCount = '0' }) => format.number(Number(AttachmentCount)),
      sortBy: ({ AttachmentCount = '0' }) => Number(AttachmentCount),
    },
    {
      id: 'changed',
      title: t.changed,
      width: 'minmax(15rem, 1fr)',
      cell: ({ UpdateDate }) => format.time(secondsOf(UpdateDate)),
      sortBy: ({ UpdateDate }) => secondsOf(UpdateDate),
    },
    {
      id: 'arn',
      title: t.arn,
      width: 'minmax(22rem, 3fr)',
      cell: ({ Arn }) => <span class="mono">{Arn}</span>,
    },
  ];
}
