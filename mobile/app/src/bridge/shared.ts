// The records that belong to everybody, mirrored from protocol (record/dossier.rs, catalog.rs,
// article.rs): customers, the organisation, its knowledge base. Types only: nothing here runs.
import type { Id } from './record';

export interface DossierContent {
  name: string;
  address: string;
  contract: string;
  contract_until: number | null;
  fees: string;
  owed_parts: string;
  notes: string;
  sites: Record<Id, { name: string; address: string }>;
  contacts: Record<Id, { name: string; title: string; phone: string; reports_to: string }>;
  equipment: Record<
    Id,
    {
      name: string;
      kind: string;
      model: string;
      serial: string;
      site: string;
      place: string;
      versions: string;
      warranty_until: number | null;
    }
  >;
  backups: Record<Id, Backup>;
}

export interface Backup {
  at: number;
  by: Id | null;
  job: Id | null;
  system: string;
  version: string;
  medium: string;
  place: string;
  checksum: string;
  tested: boolean;
  removed: boolean;
  approved_at: number | null;
  approved_by: Id | null;
}

export interface CatalogContent {
  organisation: string;
  people: Record<Id, { name: string; role: string; phone: string }>;
  categories: Record<Id, { name: string }>;
  checklists: Record<Id, { name: string; items: string }>;
  duty: Record<Id, Duty>;
}

/** A turn on call. */
export interface Duty {
  person: Id | null;
  from: number | null;
  until: number | null;
  note: string;
  removed: boolean;
}

export interface ArticleContent {
  title: string;
  category: string;
  equipment: string;
  symptom: string;
  cause: string;
  solution: string;
  job: Id | null;
  withdrawn: boolean;
}
