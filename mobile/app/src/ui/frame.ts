// What of the app may be drawn while the record is being opened: the frame of the list, for
// whoever is expected to be signed in. Who that is only the record says; kept beside it is what
// they are here for. Nothing is kept where a PIN has to be given first.
import type { Role } from '../bridge/types';

const KEPT = 'docket/role';
const roles: readonly Role[] = ['engineer', 'desk', 'manager', 'executive', 'administrator'];

/** What whoever was signed in last is here for; nothing when nobody was, or the phone locks. */
export const expectedRole = roles.find((role) => role === localStorage.getItem(KEPT));

let kept: Role | undefined = expectedRole;

/** Expects this role the next time. */
export function expectRole(role: Role | undefined): void {
  if (role === kept) return;
  kept = role;
  if (!role) return localStorage.removeItem(KEPT);
  try {
    localStorage.setItem(KEPT, role);
  } catch {
    // Without room for it, the frame comes with the list.
  }
}
