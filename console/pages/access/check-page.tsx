import { useAsked } from '../../api/asked.ts';
import { members } from '../../api/xml.ts';
import { Badge, type Kind } from '../../parts/badge.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { SelectField, TextArea } from '../../parts/field.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { queryParameter } from '../../shell/router.ts';
import { c } from './check-text.ts';
import { type Group, iamList, type Role, type User } from './iam.ts';
import { linesOf } from './lines.ts';
import { type Evaluation, simulate } from './simulation.ts';
import { t } from './text.ts';

const who = queryParameter('who');
const actions = queryParameter('actions', 'kinesis:PutRecord\nkinesis:GetRecords');
const resources = queryParameter('resources', '*');

/** Asks whether somebody may do something; all that is asked is in the address. */
export function CheckPage() {
  const people = useAsked(everybody, []);
  const chosen = who.value || people.answer?.[0]?.id || '';
  const asked = { actions: linesOf(actions.value), resources: linesOf(resources.value) };
  const isAsked = chosen !== '' && asked.actions.length > 0;
  const answers = useAsked<readonly Evaluation[]>(
    async (signal) => (isAsked ? simulate(chosen, asked.actions, asked.resources, signal) : []),
    [chosen, actions.value, resources.value],
  );
  const whoField = {
    get value() {
      return chosen;
    },
    set value(arn: string) {
      who.value = arn;
    },
  };
  return (
    <>
      <PageHead title={c.title}>{c.lead}</PageHead>
      <Trouble asked={people} />
      {people.answer?.length === 0 ? (
        <EmptyState title={c.nobody} />
      ) : (
        <>
          <div class="check-form">
            <SelectField label={c.who} value={whoField} options={people.answer ?? []} />
            <TextArea label={c.actions} hint={c.actionsHint} value={actions} lines={4} />
            <TextArea label={c.resources} hint={c.resourcesHint} value={resources} lines={4} />
          </div>
          <Trouble asked={answers} />
          <Table
            label={c.title}
            rows={answers.answer ?? []}
            columns={columnsNow()}
            keyOf={({ EvalActionName, EvalResourceName }) => `${EvalActionName} ${EvalResourceName}`}
            isLoading={answers.isLoading}
          />
        </>
      )}
    </>
  );
}

/** Users, groups and roles by their ARNs. */
async function everybody(signal: AbortSignal) {
  const [users, groups, roles] = await Promise.all([
    iamList<User>('ListUsers', 'Users', {}, signal),
    iamList<Group>('ListGroups', 'Groups', {}, signal),
    iamList<Role>('ListRoles', 'Roles', {}, signal),
  ]);
  return [
    ...users.map(({ Arn, UserName }) => ({ id: Arn, title: `${t.whichUser}: ${UserName}` })),
    ...groups.map(({ Arn, GroupName }) => ({ id: Arn, title: `${t.whichGroup}: ${GroupName}` })),
    ...roles.map(({ Arn, RoleName }) => ({ id: Arn, title: `${t.roles}: ${RoleName}` })),
  ];
}

const kinds: Readonly<Record<Evaluation['EvalDecision'], Kind>> = {
  allowed: 'good',
  explicitDeny: 'bad',
  implicitDeny: 'warning',
};

function columnsNow(): readonly Column<Evaluation>[] {
  return [
    {
      id: 'action',
      title: c.action,
      width: 'minmax(12rem, 1fr)',
      cell: ({ EvalActionName }) => <span class="mono">{EvalActionName}</span>,
    },
    {
      id: 'resource',
      title: c.resource,
      width: 'minmax(10rem, 1fr)',
      cell: ({ EvalResourceName }) => <span class="mono">{EvalResourceName}</span>,
    },
    {
      id: 'decision',
      title: c.decision,
      width: 'minmax(8rem, auto)',
      cell: ({ EvalDecision }) => <Badge kind={kinds[EvalDecision]}>{c[EvalDecision]}</Badge>,
    },
    { id: 'why', title: c.why, width: 'minmax(24rem, 2fr)', cell: whyOf },
  ];
}

/** What decided, in words. */
function whyOf(evaluation: Evaluation): string {
  const { EvalDecision, PermissionsBoundaryDecisionDetail: boundary } = evaluation;
  const policy = members(evaluation.MatchedStatements)[0]?.SourcePolicyId;
  const missing = members(evaluation.MissingContextValues);
  const depends = missing.length === 0 ? '' : ` ${c.missing(missing.join(', '))}`;
  if (boundary?.AllowedByPermissionsBoundary === 'false') return `${c.bounded}${depends}`;
  if (policy === undefined) return `${c.noStatement}${depends}`;
  return `${EvalDecision === 'allowed' ? c.allowedBy(policy) : c.deniedBy(policy)}${depends}`;
}
