import type { ListedUser, NewKey, UserPolicies } from './users.ts';

/** An access key in the form of a shared-credentials file; the profile is named as the user. */
export function keyText({ userName, accessKeyId, secretAccessKey }: NewKey): string {
  return (
    `[${userName}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n` +
    '# The secret is shown this once.\n'
  );
}

export function usersText(users: readonly ListedUser[]): string {
  if (users.length === 0) return 'There are no users.\n';
  const rows = users.flatMap(({ name, keys }) =>
    keys.length === 0
      ? [[name, 'no access key', '', '']]
      : keys.map(({ accessKeyId, isActive, createdAt }, index) => [
          index === 0 ? name : '',
          accessKeyId,
          isActive ? 'active' : 'inactive',
          createdAt,
        ]),
  );
  return tableText([['USER', 'ACCESS KEY', 'STATUS', 'MADE'], ...rows]);
}

export function policiesText(name: string, { inline, attached, groups }: UserPolicies): string {
  const rows = [
    ...inline.map((policy) => ['of its own', policy]),
    ...attached.map((arn) => ['attached', arn]),
    ...groups.map((group) => ['by its group', group]),
  ];
  return rows.length === 0 ? `${name} has no policies, and may do nothing.\n` : tableText(rows);
}

/** Columns as wide as what is in them. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
