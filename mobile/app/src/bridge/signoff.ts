// What a customer signs, mirrored from protocol/signoff.rs. Types only: nothing here runs.
import type { Id } from './record';

export type Purpose = 'plan' | 'report';
export type Outcome = 'accepted' | 'accepted_with_reservations' | 'refused';

export interface Signatory {
  name: string;
  title: string;
  deputy_reason: string;
}

export interface Statement {
  domain: string;
  tenant: Id;
  record: Id;
  signoff: Id;
  purpose: Purpose;
  heads: string[];
  schema: number;
  content_digest: string;
  attachment_digests: string[];
  outcome: Outcome;
  reservations: string;
  signatory: Signatory;
  satisfaction: number | null;
  remarks: string;
  drawing_digest: string;
  engineer: Id;
  device_key: string;
  signed_at: number;
  server_seen_at: number;
}
