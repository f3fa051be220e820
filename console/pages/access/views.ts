// All of these pages come in one file: whoever opens one opens another, and together they are smaller.
export { CheckPage } from './check-page.tsx';
export { GroupPage } from './group-page.tsx';
export { GroupsPage } from './groups-page.tsx';
export { PoliciesPage } from './policies-page.tsx';
export { PolicyPage } from './policy-page.tsx';
export { RolePage } from './role-page.tsx';
export { RolesPage } from './roles-page.tsx';
export { UserPage } from './user-page.tsx';
export { UsersPage } from './users-page.tsx';
