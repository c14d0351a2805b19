// A table as a real spreadsheet program reads it: LibreOffice without a window. What it would have
// to repair it does not open here, and what it takes for a formula it says.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

export interface Spreadsheet {
  /** Names of its tabs. */
  tabs: string[];
  /** Rows of all tabs, one below the other; empty cells at the end of a row are left out. */
  rows: string[][];
  /** Everything it would calculate. */
  formulas: string[];
}

/** The comma, the quotation mark, UTF-8: what our CSV files are written with. */
const CSV_FILTER = '--infilter=CSV:44,34,76,1';

/** Opens a file under the name it was saved as. */
export async function openSpreadsheet(name: string, file: Uint8Array): Promise<Spreadsheet> {
  const folder = await mkdtemp(join(tmpdir(), 'docket-table-'));
  try {
    const path = join(folder, basename(name));
    await writeFile(path, file);
    // A profile of its own: two programs under one profile wait for each other.
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    const filter = name.endsWith('.csv') ? [CSV_FILTER] : [];
    await promisify(execFile)('soffice', [
      ...['--headless', profile, ...filter, '--convert-to', 'fods', '--outdir', folder, path],
    ]);
    return read(await readFile(path.replace(/\.\w+$/, '.fods'), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function read(document: string): Spreadsheet {
  const tables = [...document.matchAll(/<table:table table:name="([^"]*)"[\s\S]*?<\/table:table>/g)];
  const rows = tables.flatMap(([table]) =>
    [...table.matchAll(/<table:table-row[\s\S]*?<\/table:table-row>/g)].map(([row]) => cells(row)),
  );
  return {
    tabs: tables.map(([, name]) => plain(name ?? '')),
    rows: rows.filter((row) => row.length > 0),
    formulas: [...document.matchAll(/table:formula="([^"]*)"/g)].map(([, said]) => said ?? ''),
  };
}

function cells(row: string): string[] {
  const found = [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>([\s\S]*?)<\/table:table-cell>)/g)];
  const texts = found.flatMap(([, attributes, inside]) => {
    const repeated = Number(/number-columns-repeated="(\d+)"/.exec(attributes ?? '')?.[1] ?? 1);
    const lines = [...(inside ?? '').matchAll(/<text:p[^>]*>([\s\S]*?)<\/text:p>/g)];
    const text = lines.map(([, line]) => plain(line ?? '')).join('\n');
    return text ? Array<string>(repeated).fill(text) : Array<string>(Math.min(repeated, 64)).fill('');
  });
  const last = texts.findLastIndex((text) => text !== '');
  return texts.slice(0, last + 1);
}

function plain(text: string): string {
  const space = text.replace(/<text:tab\/>/g, '\t').replace(/<text:s[^>]*\/>/g, ' ');
  const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };
  return space
    .replace(/<[^>]+>/g, '')
    .replace(/&(lt|gt|quot|apos|amp);/g, (entity) => entities[entity as keyof typeof entities]);
}
